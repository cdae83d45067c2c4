/** Tokens that choose their key themselves: by bringing one, by pointing to one, by a key ID that means something else (RFC 8725 §3.10). */
import { changed, type Draft, type Forge, hmacSigned } from '../forge.js';

const SIGNATURE = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';
const NO_KEY = 'ERR_JWKS_NO_MATCHING_KEY';
const MALFORMED = 'ERR_JWS_INVALID';

export function keyDrafts(forge: Forge): Draft[] {
  return [...brought(forge), ...pointedTo(forge), ...keyIds(forge), ...noKeyIds(forge)];
}

/** Signed by the key that the header holds. The twin holds it, too, and the issuer has signed: then it means nothing. */
function brought(forge: Forge): Draft[] {
  const { otherKey } = forge;
  const jwk = otherKey.publicJwk() ?? otherKey.exportPrivateJwk();
  const der = (otherKey.publicPem() ?? '').replace(/-----[A-Z ]+-----|\s/g, '');
  return [
    draft(forge, 'jwk-embedded', 'Brings the key that verifies it.', { jwk }, 'L25'),
    draft(
      forge,
      'jwk-embedded-as-text',
      'Brings the key that verifies it, as text.',
      { jwk: JSON.stringify(jwk) },
      'L25',
    ),
    ...(der === ''
      ? []
      : [draft(forge, 'x5c-embedded', 'Brings a key where a certificate belongs.', { x5c: [der] }, 'L25')]),
  ];
}

function pointedTo(forge: Forge): Draft[] {
  const { url } = forge;
  return [
    draft(forge, 'jku', 'Says where its key can be fetched.', { jku: url }, 'L26'),
    draft(forge, 'x5u', 'Says where its certificate can be fetched.', { x5u: url }, 'L26'),
    draft(
      forge,
      'jku-cloud-metadata',
      'Points to where clouds keep credentials.',
      { jku: 'http://169.254.169.254/latest/meta-data/' },
      'L26',
    ),
  ];
}

function draft(forge: Forge, name: string, description: string, header: object, row: Draft['row']): Draft {
  const changes = { header: header as Readonly<Record<string, unknown>> };
  return {
    name,
    description,
    token: changed(forge, changes, forge.otherKey),
    twin: changed(forge, changes),
    code: SIGNATURE,
    row,
  };
}

/** What a key ID turns into where it is pasted into a path, a query, a command or an object. */
function keyIds(forge: Forge): Draft[] {
  const { header, claims, key, otherKey, url } = forge;
  const kids: [name: string, description: string, kid: string][] = [
    ['path', 'A path to an empty file.', '../../../../../../dev/null'],
    ['absolute-path', 'An absolute path to an empty file.', '/dev/null'],
    ['sql', 'A query that answers a key of the attacker.', "x' UNION SELECT '1';--"],
    ['command', 'A command.', '|sleep 10'],
    ['url', 'A URL.', url],
    ['prototype', 'A name that every JavaScript object has.', '__proto__'],
    ['constructor', 'A name that every JavaScript object has.', 'constructor'],
    ['line-end', 'A line end, for logs.', 'a\nINFO token accepted'],
    ['long', 'Eight thousand characters.', 'k'.repeat(8000)],
    ['unknown', "A key ID that is nobody's.", 'unknown'],
  ];
  return kids.map(
    ([name, description, kid]): Draft => ({
      name: `kid-${name}`,
      description,
      // An empty file, and a query gone wrong, give an empty secret.
      token: key.isSecret
        ? hmacSigned({ ...header, kid }, claims, name === 'sql' ? '1' : '', Number(key.algorithm.slice(2)))
        : changed(forge, { header: { kid } }, otherKey),
      code: key.answersTo(kid) ? SIGNATURE : NO_KEY,
      row: 'L24',
    }),
  );
}

function noKeyIds(forge: Forge): Draft[] {
  const values: [name: string, kid: unknown][] = [
    ['number', 0],
    ['null', null],
    ['list', ['test']],
    ['object', { $ne: '' }],
  ];
  return values.map(
    ([name, kid]): Draft => ({
      name: `kid-${name}`,
      description: `A key ID that is no text (${name}).`,
      token: changed(forge, { header: { kid } }),
      code: MALFORMED,
      row: 'L24',
    }),
  );
}
