/** Attacks on how a token is written: parts, base64url and JSON (RFC 7515 §2, §3, §5.2). */
import { type Attack, withToken } from './attack.js';
import type { Forge } from './forge.js';
import { encoded } from './signature.js';

/** The attacks. */
export const ON_FORMS: readonly Attack[] = [
  form('garbage', 'What is no token crashes the service or passes.', () => 'garbage'),
  form(
    'two-parts',
    'A token without its third part is read.',
    ({ parts: [header, payload] }) => `${header}.${payload}`,
  ),
  form('four-parts', 'Parts after the signature are ignored.', ({ good }) => `${good}.e30`),
  form(
    'five-parts',
    'An encrypted form is not told from a signed one.',
    ({ parts: [h, p, s] }) => `${h}.${p}.${s}.${p}.${s}`,
  ),
  form('leading-dot', 'Empty parts are skipped.', ({ good }) => `.${good}`),
  form('only-dots', 'Empty parts crash the service or pass.', () => '..'),
  form('padded', 'Padding is ignored: one token has several forms (RFC 7515 §2).', ({ good }) => `${good}=`),
  form('unused-bits', 'Unused bits are ignored: one signature has several forms.', ({ good }) =>
    withUnusedBits(good),
  ),
  form(
    'stray-character',
    'Characters outside base64url are skipped.',
    ({ parts: [h, p, s] }) => `${h}.${p}.${s.slice(0, 4)}~${s.slice(4)}`,
  ),
  form(
    'header-no-json',
    'A header that is no JSON crashes the service or passes.',
    ({ parts: [, p, s] }) => `${encoded('{"alg":')}.${p}.${s}`,
  ),
  form(
    'header-array',
    'A header that is no object crashes the service or passes.',
    ({ parts: [, p, s] }) => `${encoded('[]')}.${p}.${s}`,
  ),
  form(
    'header-null',
    'A header that is null crashes the service or passes.',
    ({ parts: [, p, s] }) => `${encoded('null')}.${p}.${s}`,
  ),
  form(
    'deep-header',
    'Nested JSON exhausts the service.',
    ({ parts: [, p, s] }) => `${encoded(`{"alg":${'['.repeat(2000)}${']'.repeat(2000)}}`)}.${p}.${s}`,
  ),
  form('long-token', 'There is no bound to what is parsed.', () => 'a'.repeat(12_000)),
];

function form(name: string, why: string, token: (forge: Forge) => string | undefined): Attack {
  return { name, group: 'form', why, expects: 'invalid token', request: (forge) => withToken(token(forge)) };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same bytes in other characters; undefined where the length of the signature leaves no bits unused. */
function withUnusedBits(token: string): string | undefined {
  const last = ALPHABET.indexOf(token.at(-1) ?? '');
  const unused = [0, 0, 4, 2][(token.length - token.lastIndexOf('.') - 1) % 4] ?? 0;
  return unused === 0 ? undefined : `${token.slice(0, -1)}${ALPHABET[last ^ 1]}`;
}
