/** Tokens whose signature is not one of the issuer's key over just these two parts (RFC 7515 §5.2). */
import { ecdsaToDer } from '../../ecdsa-signature.js';
import { changed, type Draft, encoded, type Forge, hmacSigned, partsOf } from '../forge.js';

const code = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';

export function signatureDrafts(forge: Forge): Draft[] {
  return [...foreign(forge), ...altered(forge), ...guessed(forge), ...der(forge)];
}

function foreign(forge: Forge): Draft[] {
  const { good, header, otherKey } = forge;
  const [first, second, third] = partsOf(good);
  const bob = changed(forge, { claims: { sub: 'bob' } });
  return [
    {
      name: 'other-key',
      description: 'Signed with another key of the same kind and key ID.',
      token: changed(forge, {}, otherKey),
      code,
      row: 'L35',
    },
    {
      name: 'other-key-and-expired',
      description: 'Expired as well, which nobody must learn before the signature is good.',
      token: changed(forge, { claims: { iat: 1, exp: 2 } }, otherKey),
      code,
      row: 'L39',
    },
    {
      name: 'payload-changed',
      description: 'Another subject under the signature of a good token.',
      token: `${first}.${partsOf(bob)[1]}.${third}`,
      twin: bob,
      code,
      row: 'L39',
    },
    {
      name: 'header-changed',
      description: 'Another header under the signature of a good token.',
      token: `${encoded({ ...header, note: 1 })}.${second}.${third}`,
      twin: changed(forge, { header: { note: 1 } }),
      code,
      row: 'L39',
    },
    {
      name: 'signature-of-another',
      description: 'The signature of another good token.',
      token: `${first}.${second}.${partsOf(bob)[2]}`,
      code,
      row: 'L41',
    },
  ];
}

function altered({ good }: Forge): Draft[] {
  const [first, second, third] = partsOf(good);
  const bytes = Buffer.from(third, 'base64url');
  const forms: [name: string, description: string, signature: Buffer][] = [
    ['zero', 'A signature of zeros, which r and s of ECDSA must not be.', Buffer.alloc(bytes.length)],
    ['cut', 'A signature without its last byte.', bytes.subarray(0, -1)],
    ['extended', 'A signature with a byte after its end.', Buffer.concat([bytes, Buffer.alloc(1)])],
    [
      'one-bit',
      'A signature with one bit changed.',
      Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]),
    ],
  ];
  return forms.map(
    ([name, description, signature]): Draft => ({
      name: `signature-${name}`,
      description,
      token: `${first}.${second}.${signature.toString('base64url')}`,
      code,
      row: name === 'cut' ? 'L1' : 'L17',
    }),
  );
}

/** Secrets that are tried first. */
function guessed({ key, header, claims }: Forge): Draft[] {
  if (!key.isSecret) return [];
  const bits = Number(key.algorithm.slice(2));
  return [
    {
      name: 'secret-empty',
      description: 'Signed with an empty secret.',
      token: hmacSigned(header, claims, '', bits),
      code,
      row: 'L19',
    },
    ...['secret', 'your-256-bit-secret'].map(
      (secret): Draft => ({
        name: secret === 'secret' ? 'secret-secret' : 'secret-of-examples',
        description: `Signed with the secret "${secret}".`,
        token: hmacSigned(header, claims, secret, bits),
        code,
        row: 'L20',
      }),
    ),
  ];
}

/** ECDSA has a second form for its signatures, which JOSE does not take (RFC 7518 §3.4). */
function der({ key, good }: Forge): Draft[] {
  if (!key.algorithm.startsWith('ES')) return [];
  const [first, second, third] = partsOf(good);
  const signature = Buffer.from(third, 'base64url');
  const other = ecdsaToDer(signature, signature.length / 2) ?? signature;
  return [
    {
      name: 'signature-der',
      description: 'A good signature in its other form, DER.',
      token: `${first}.${second}.${other.toString('base64url')}`,
      code,
      row: 'L17',
    },
  ];
}
