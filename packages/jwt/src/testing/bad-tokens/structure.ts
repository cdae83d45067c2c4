/** Tokens that are none, as text: parts too many or too few, other serialisations, other spellings (RFC 7515 §7.1, §2). */
import { changed, type Draft, encoded, type Forge, partsOf, signedParts } from '../forge.js';

const code = 'ERR_JWS_INVALID';

export function structureDrafts(forge: Forge): Draft[] {
  return [...parts(forge), ...serializations(forge), ...spellings(forge), ...lengths(forge)];
}

function parts({ good }: Forge): Draft[] {
  const [header, payload] = partsOf(good);
  return [
    { name: 'one-part', description: 'The protected header alone.', token: header, code, row: 'L1' },
    {
      name: 'two-parts',
      description: 'Nothing after the payload.',
      token: `${header}.${payload}`,
      code,
      row: 'L1',
    },
    { name: 'four-parts', description: 'A part too many.', token: `${good}.AA`, code, row: 'L1' },
    {
      name: 'leading-dot',
      description: 'An empty part before the header.',
      token: `.${good}`,
      code,
      row: 'L1',
    },
    {
      name: 'trailing-dot',
      description: 'An empty part after the signature.',
      token: `${good}.`,
      code,
      row: 'L1',
    },
  ];
}

function serializations({ good }: Forge): Draft[] {
  const [header, payload, signature] = partsOf(good);
  const flattened = { payload, protected: header, signature };
  return [
    {
      name: 'json-flattened',
      description: 'The flattened JSON serialisation (RFC 7515 §7.2.2), which a JWT never has.',
      token: JSON.stringify(flattened),
      code,
      row: 'L2',
    },
    {
      name: 'json-general',
      description: 'The general JSON serialisation (RFC 7515 §7.2.1), which a JWT never has.',
      token: JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
      code,
      row: 'L2',
    },
    {
      name: 'json-and-compact',
      description: 'The JSON serialisation where the header belongs, with two parts more.',
      token: `${JSON.stringify(flattened)}.${payload}.${signature}`,
      code,
      row: 'L2',
    },
  ];
}

function spellings(forge: Forge): Draft[] {
  const { good, header, claims, key } = forge;
  const [first, second, third] = partsOf(good);
  const foreign = { ...claims, note: 'ÿÿÿÿÿÿ' };
  return [
    { name: 'signature-padded', description: 'Padding at the end.', token: `${good}=`, code, row: 'L3' },
    {
      name: 'payload-padded',
      description: 'Padding in the payload, and a signature over just that.',
      ...padded(claims, (payload) => signedParts(first, payload, key)),
      code,
      row: 'L3',
    },
    {
      name: 'payload-blank',
      description: 'A blank in the payload, and a signature over just that.',
      token: signedParts(first, `${second.slice(0, 4)} ${second.slice(4)}`, key),
      code,
      row: 'L3',
    },
    {
      name: 'payload-base64',
      description: 'The payload in the other alphabet, with + and /, and a signature over just that.',
      token: signedParts(
        first,
        Buffer.from(JSON.stringify(foreign)).toString('base64').replace(/=+$/, ''),
        key,
      ),
      twin: signedParts(first, encoded(foreign), key),
      code,
      row: 'L3',
    },
    {
      name: 'signature-blank',
      description: 'A blank before the signature.',
      token: `${first}.${second}. ${third}`,
      code,
      row: 'L3',
    },
    {
      name: 'header-second-spelling',
      description: 'Bits set that no byte of the header uses, and a signature over just that.',
      ...respelled(header, (spelling) => signedParts(spelling, second, key)),
      code,
      row: 'L4',
    },
    {
      name: 'payload-second-spelling',
      description: 'Bits set that no byte of the payload uses, and a signature over just that.',
      ...respelled(claims, (spelling) => signedParts(first, spelling, key)),
      code,
      row: 'L4',
    },
  ];
}

/** A token with a part in a second spelling, and its twin with the first. */
function respelled(members: object, tokenOf: (part: string) => string): { token: string; twin: string } {
  const part = encodedWithRest(members, 2);
  const last = ALPHABET.indexOf(part.slice(-1));
  return { token: tokenOf(part.slice(0, -1) + ALPHABET.charAt(last + 1)), twin: tokenOf(part) };
}

/** A token with a part padded as RFC 4648 §4 has it, and its twin without. */
function padded(members: object, tokenOf: (part: string) => string): { token: string; twin: string } {
  const part = encodedWithRest(members, 3);
  return { token: tokenOf(`${part}=`), twin: tokenOf(part) };
}

/** Members and a note of such a length that so many characters remain after the last four: unused bits, and room for padding. */
function encodedWithRest(members: object, rest: 2 | 3): string {
  const parts = ['', 'x', 'xx'].map((note) => encoded({ ...members, note }));
  return parts.find((part) => part.length % 4 === rest) ?? '';
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function lengths(forge: Forge): Draft[] {
  return [
    {
      name: 'too-long',
      description: 'A claim of 20,000 characters.',
      token: changed(forge, { claims: { note: 'x'.repeat(20_000) } }),
      twin: changed(forge, { claims: { note: 'x'.repeat(200) } }),
      code,
      row: 'L8',
    },
    {
      name: 'many-dots',
      description: 'Ten thousand parts with nothing in them.',
      token: '.'.repeat(9999),
      code,
      row: 'L8',
    },
  ];
}
