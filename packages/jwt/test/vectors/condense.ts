/**
 * Condenses public test vectors into what the tests read: key, compact string, expected result, source.
 * Run: node test/vectors/condense.ts FOLDER, where FOLDER has wycheproof/ (C2SP/wycheproof) and cookbook/ (ietf-jose/cookbook).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a file of condensed vectors holds. */
export interface VectorFile {
  readonly source: string;
  readonly licence: string;
  readonly changes: string;
  /** JWKs (RFC 7517), each once, by name. A password stands as `{ password }`. */
  readonly keys: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly cases: readonly VectorCase[];
}

/** One case. */
export interface VectorCase {
  /** File and number of the case in the source. */
  readonly id: string;
  readonly comment: string;
  readonly kind: 'jws' | 'jwe';
  /** Name of its key in `keys`. */
  readonly key: string;
  /** The algorithm of a key that does not name its own. */
  readonly alg?: string;
  readonly compact: string;
  /** As the source labels it. */
  readonly result: 'valid' | 'invalid';
  /** Payload or plaintext in hexadecimal, where the source gives it. */
  readonly bytes?: string;
}

type Json = Record<string, unknown>;

/** Gathers keys, each distinct one once. */
class Keys {
  readonly all: Record<string, Json> = {};
  readonly #names = new Map<string, string>();

  name(jwk: Json): string {
    const text = JSON.stringify(jwk);
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = `${this.#names.size + 1} ${String(jwk['alg'] ?? jwk['kty'] ?? 'password')}`;
    this.#names.set(text, name);
    this.all[name] = jwk;
    return name;
  }
}

function condense(from: string, to: string): void {
  const files = {
    'wycheproof-jws.json': wycheproof(from, 'json_web_signature_test.json', 'jws'),
    'wycheproof-jwe.json': wycheproof(from, 'json_web_encryption_test.json', 'jwe'),
    'cookbook.json': cookbook(from),
  };
  for (const [name, file] of Object.entries(files)) {
    const lines = file.cases.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
    const { cases: _cases, ...rest } = file;
    writeFileSync(join(to, name), `${JSON.stringify(rest).slice(0, -1)},\n"cases": [\n${lines}\n]}\n`);
  }
  writeFileSync(join(to, 'LICENSE.wycheproof'), readFileSync(join(from, 'wycheproof', 'LICENSE')));
}

function wycheproof(from: string, name: string, kind: 'jws' | 'jwe'): VectorFile {
  const { testGroups } = read(join(from, 'wycheproof', name)) as { testGroups: Json[] };
  const keys = new Keys();
  const cases = testGroups.flatMap((group) => {
    const key = keys.name((kind === 'jws' ? (group['public'] ?? group['private']) : group['private']) as Json);
    return (group['tests'] as Json[]).map(
      (test): VectorCase => ({
        id: `${kind === 'jws' ? 'signature' : 'encryption'} ${test['tcId']}`,
        comment: String(test['comment']),
        kind,
        key,
        compact: String(test[kind]),
        result: test['result'] as 'valid' | 'invalid',
        ...(test['result'] === 'valid' && test['pt'] !== undefined ? { bytes: String(test['pt']) } : {}),
      }),
    );
  });
  return {
    source: `C2SP/wycheproof, testvectors_v1/${name}, the cases with an even tcId`,
    licence: 'Apache License 2.0; its text is in LICENSE.wycheproof',
    changes: 'Condensed by condense.ts: fields left out, each key once; keys and compact strings unchanged.',
    keys: keys.all,
    cases,
  };
}

/** Figures by file; the key of each stands in it. */
const FIGURES: readonly (readonly [kind: 'jws' | 'jwe', id: string, file: string])[] = [
  ['jws', 'RFC 7520 4.1', 'jws/4_1.rsa_v15_signature.json'],
  ['jws', 'RFC 7520 4.2', 'jws/4_2.rsa-pss_signature.json'],
  ['jws', 'RFC 7520 4.3', 'jws/4_3.ecdsa_signature.json'],
  ['jws', 'RFC 7520 4.4', 'jws/4_4.hmac-sha2_integrity_protection.json'],
  ['jws', 'RFC 7520 4.5', 'jws/4_5.signature_with_detached_content.json'],
  ['jws', 'RFC 7520 4.6', 'jws/4_6.protecting_specific_header_fields.json'],
  ['jws', 'RFC 7520 4.7', 'jws/4_7.protecting_content_only.json'],
  ['jwe', 'RFC 7520 5.1', 'jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json'],
  ['jwe', 'RFC 7520 5.2', 'jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm.json'],
  ['jwe', 'RFC 7520 5.3', 'jwe/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2.json'],
  ['jwe', 'RFC 7520 5.4', 'jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm.json'],
  ['jwe', 'RFC 7520 5.5', 'jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2.json'],
  ['jwe', 'RFC 7520 5.6', 'jwe/5_6.direct_encryption_using_aes-gcm.json'],
  ['jwe', 'RFC 7520 5.7', 'jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2.json'],
  ['jwe', 'RFC 7520 5.8', 'jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm.json'],
  ['jwe', 'RFC 7520 5.9', 'jwe/5_9.compressed_content.json'],
  ['jwe', 'RFC 7520 5.10', 'jwe/5_10.including_additional_authentication_data.json'],
  ['jwe', 'RFC 7520 5.11', 'jwe/5_11.protecting_specific_header_fields.json'],
  ['jwe', 'RFC 7520 5.12', 'jwe/5_12.protecting_content_only.json'],
  ['jws', 'RFC 8037 A.4', 'curve25519/jws.json'],
  ['jwe', 'RFC 8037 A.6', 'curve25519/ecdh-es.json'],
  ['jws', 'RFC 7797 4.2', 'rfc7797/4.2.hmac-sha2_b64_false.json'],
  ['jws', 'RFC 7797', 'rfc7797/hmac-sha2_b64_false.json'],
];

function cookbook(from: string): VectorFile {
  const keys = new Keys();
  const figures = FIGURES.flatMap(([kind, id, file]) =>
    figure(kind, id, read(join(from, 'cookbook', file)), keys),
  );
  const nested = read(join(from, 'cookbook', '6.nesting_signatures_and_encryption.json'));
  return {
    source: 'ietf-jose/cookbook: RFC 7520, RFC 8037 and RFC 7797 figures',
    licence: 'Public domain (unlicense)',
    changes: 'Condensed by condense.ts: the compact and the JSON serializations with their keys.',
    keys: keys.all,
    cases: [
      ...figures,
      ...figure('jws', 'RFC 7520 6 signed', nested['sign'] as Json, keys),
      ...figure('jwe', 'RFC 7520 6 encrypted', nested['encrypt'] as Json, keys),
    ],
  };
}

/** The compact case of a figure, and one for each JSON serialization: what is not compact is to be refused. */
function figure(kind: 'jws' | 'jwe', id: string, source: Json, keys: Keys): VectorCase[] {
  const input = source['input'] as Json;
  const jwk = (input['key'] ?? { password: input['pwd'] }) as Json;
  const key = keys.name(kind === 'jws' ? publicPart(jwk) : jwk);
  const bytes = Buffer.from(String(input['payload'] ?? input['plaintext'])).toString('hex');
  const output = (source['output'] ?? {}) as Json;
  return Object.entries(output).map(([form, value]): VectorCase => {
    const isCompact = form === 'compact';
    // A detached payload (RFC 7515 Appendix F) is not there to be verified.
    const isValid = isCompact && id !== 'RFC 7520 4.5';
    return {
      id: isCompact ? id : `${id} ${form}`,
      comment: String(source['title'] ?? 'Nesting Signatures and Encryption'),
      kind,
      key,
      alg: String(input['alg']),
      compact: isCompact ? String(value) : JSON.stringify(value),
      result: isValid ? 'valid' : 'invalid',
      ...(isValid ? { bytes } : {}),
    };
  });
}

function publicPart(jwk: Json): Json {
  if (jwk['kty'] === 'oct') return jwk;
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...rest } = jwk;
  return rest;
}

function read(path: string): Json {
  return JSON.parse(readFileSync(path, 'utf8')) as Json;
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: node condense.ts FOLDER');
  condense(folder, import.meta.dirname);
}
