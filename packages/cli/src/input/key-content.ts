/** Tells PEM, certificate, JWK and JWKS (RFC 7468, RFC 7517) apart by what they contain; names of files mean nothing. */
import type { JwkKey, PemKey, X509Key } from '@tokenwright/jwt';
import { usage } from '../failure.js';
import { readSecret, SECRET_FORMS, type SecretSource } from './secret.js';

/** A key in one of its forms, read and not yet checked. */
export type KeyContent =
  | { readonly form: 'secret' | 'pem' | 'certificate' | 'jwk'; readonly source: PlainSource }
  | { readonly form: 'jwks'; readonly keys: readonly Readonly<Record<string, unknown>>[] };

/** A source that is an object of named parts. */
export type PlainSource = SecretSource | PemKey | X509Key | JwkKey;

/** Where a key lies. */
export interface KeyPlace {
  /** In words, as the beginning of a sentence. */
  readonly name: string;
  /** What to do where it holds a secret that does not say its form. */
  readonly bareSecret: string;
}

/**
 * The key in a text that says itself what it is: PEM, JSON, or a secret behind its form.
 *
 * @param place where the text comes from.
 * @throws Failure for anything but a key or a JWK Set.
 */
export async function keyFromContent(content: string, { name, bareSecret }: KeyPlace): Promise<KeyContent> {
  const form = SECRET_FORMS.find((one) => content.trimStart().startsWith(`${one}:`));
  if (form !== undefined) {
    const secret = content.trimStart().slice(form.length + 1);
    // As the secret itself it would sign, and whoever knows the place, which is no secret, could sign, too.
    if (/^(?:@|env:)/.test(secret)) {
      throw usage(
        `${name} says where a secret is, and does not hold it.`,
        `Give the place itself as the key: ${form}:env:NAME, ${form}:@FILE.`,
      );
    }
    return { form: 'secret', source: readSecret(form, secret, name) };
  }
  const text = content.trim();
  if (text === '') throw usage(`${name} has no key in it.`, 'There is no default key.');
  if (text.includes('-----BEGIN ')) return pem(text, name);
  if (text.startsWith('{')) return jwkOrJwks(text, name);
  throw usage(`${name} holds neither PEM nor a JWK.`, bareSecret);
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const ENCRYPTED = /^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m;

/** One file may hold a certificate and its private key, as many servers keep them. */
async function pem(text: string, name: string): Promise<KeyContent> {
  const certificates = text.match(CERTIFICATE)?.join('\n');
  const key = text.replace(CERTIFICATE, '').trim();
  const opened = ENCRYPTED.test(key) ? { passphrase: await passphraseFor(name) } : {};
  if (certificates === undefined) return { form: 'pem', source: { pem: key, ...opened } };
  const withKey = key.includes('-----BEGIN ') ? { pem: key, ...opened } : {};
  return { form: 'certificate', source: { x509: certificates, ...withKey } };
}

/** What asks is loaded only where there is something to ask for. */
async function passphraseFor(name: string): Promise<string> {
  const { readPassphrase } = await import('./passphrase.js');
  return readPassphrase(name);
}

function jwkOrJwks(text: string, name: string): KeyContent {
  const json = parsed(text, name);
  if (!('keys' in json)) return { form: 'jwk', source: { jwk: text } };
  const { keys } = json;
  if (Array.isArray(keys) && keys.length > 0) return { form: 'jwks', keys };
  throw usage(
    `${name} is a JWK Set with ${Array.isArray(keys) ? '0 keys' : 'no list of keys'}.`,
    'Give a set that has keys: { "keys": [ … ] } (RFC 7517 §5).',
  );
}

function parsed(text: string, name: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    // The parser's own words would quote the text, which can be a private key.
    throw usage(`${name} is not valid JSON.`, 'A JWK is one JSON object; compare the file with its source.');
  }
}
