import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InvalidKey, importKey, JwtValidator, type KeySource } from '../src/index.ts';
import { formatOf } from '../src/keys/formats.ts';
import {
  CERTIFICATE_REQUEST,
  EC_CERTIFICATE,
  EC_KEY,
  OPENSSH_KEY,
  OPENSSH_PUBLIC_KEY,
} from './fixtures/certificates.ts';
import { ec, ed25519, HEX, pkcs8, rsa, spki } from './fixtures/keys.ts';
import { CLAIMS, handmade, handmadeBy, refusalOf, validatorOf } from './fixtures/tokens.ts';

const jwk = rsa().publicKey.export({ format: 'jwk' });
const der = (pem: string): Buffer => Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64');
const sshBlob = (): string => OPENSSH_PUBLIC_KEY.split(' ')[1] ?? '';
const encrypted = importKey({ pem: EC_KEY }).exportPrivatePem({ passphrase: 'open sesame' });

/** Material of every format, as text or bytes, and what it is called. */
const MATERIAL: readonly [string, string | Buffer, string][] = [
  ['SPKI', spki(rsa()), 'a PEM block (PUBLIC KEY)'],
  ['SPKI without line end', spki(rsa()).trimEnd(), 'a PEM block (PUBLIC KEY)'],
  ['SPKI with CRLF', spki(rsa()).replaceAll('\n', '\r\n'), 'a PEM block (PUBLIC KEY)'],
  ['SPKI in one line', spki(rsa()).replaceAll('\n', '\\n'), 'a PEM block (PUBLIC KEY)'],
  ['SPKI in UTF-16', Buffer.from(`\uFEFF${spki(rsa())}`, 'utf16le'), 'a PEM block (PUBLIC KEY)'],
  [
    'PKCS#1',
    String(rsa().publicKey.export({ type: 'pkcs1', format: 'pem' })),
    'a PEM block (RSA PUBLIC KEY)',
  ],
  ['PKCS#8', EC_KEY, 'a PEM block (PRIVATE KEY)'],
  ['encrypted PKCS#8', encrypted, 'a PEM block (ENCRYPTED PRIVATE KEY)'],
  ['a certificate', EC_CERTIFICATE, 'a PEM block (CERTIFICATE)'],
  ['a certificate request', CERTIFICATE_REQUEST, 'a PEM block (CERTIFICATE REQUEST)'],
  ['OpenPGP', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQEN', 'a PEM block (PGP PUBLIC KEY BLOCK)'],
  ['an OpenSSH private key', OPENSSH_KEY, 'a PEM block (OPENSSH PRIVATE KEY)'],
  ['SSH2', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA', 'a PEM block (SSH2 PUBLIC KEY)'],
  [
    'SPKI in DER',
    ec('P-256').publicKey.export({ type: 'spki', format: 'der' }),
    'a public key in DER (SPKI)',
  ],
  [
    'SPKI in DER, Ed25519',
    ed25519().publicKey.export({ type: 'spki', format: 'der' }),
    'a public key in DER (SPKI)',
  ],
  [
    'SPKI in DER and a line end',
    Buffer.concat([der(spki(rsa())), Buffer.from('\r\n')]),
    'a public key in DER (SPKI)',
  ],
  [
    'PKCS#1 in DER',
    rsa().publicKey.export({ type: 'pkcs1', format: 'der' }),
    'an RSA public key in DER (PKCS#1)',
  ],
  [
    'private PKCS#1 in DER',
    rsa().privateKey.export({ type: 'pkcs1', format: 'der' }),
    'an RSA private key in DER (PKCS#1)',
  ],
  ['PKCS#8 in DER', der(pkcs8(rsa())), 'a private key in DER (PKCS#8)'],
  ['encrypted PKCS#8 in DER', der(encrypted), 'an encrypted private key in DER (PKCS#8)'],
  [
    'SEC1 in DER',
    ec('P-256').privateKey.export({ type: 'sec1', format: 'der' }),
    'an EC private key in DER (SEC1)',
  ],
  ['a certificate in DER', der(EC_CERTIFICATE), 'a certificate in DER'],
  ['a certificate request in DER', der(CERTIFICATE_REQUEST), 'a certificate request in DER'],
  ['a JWK', JSON.stringify(jwk), 'a JSON Web Key'],
  ['a JWK, indented', JSON.stringify(jwk, null, 2), 'a JSON Web Key'],
  ['a JWK cut off', JSON.stringify(jwk).slice(0, 80), 'a JSON Web Key'],
  ['a JWK Set', JSON.stringify({ keys: [jwk] }), 'a JSON Web Key Set'],
  ['a list of JWKs', JSON.stringify([jwk]), 'a list of JSON Web Keys'],
  ['ssh-ed25519', OPENSSH_PUBLIC_KEY, 'an SSH key'],
  ['ssh-rsa', `ssh-rsa ${'AAAAB3NzaC1yc2E'.padEnd(80, 'A')} me@host`, 'an SSH key'],
  ['ecdsa-sha2-nistp256', `ecdsa-sha2-nistp256 ${'AAAAE2VjZHNh'.padEnd(90, 'A')}`, 'an SSH key'],
  ['sk-ssh-ed25519', `sk-ssh-ed25519@openssh.com ${'AAAA'.padEnd(90, 'A')}`, 'an SSH key'],
  ['ssh-rsa after options', `no-pty,command="x" ssh-rsa ${'AAAA'.padEnd(80, 'A')}`, 'an SSH key'],
  ['the middle of an SSH key', sshBlob(), 'an SSH key'],
  ['PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', 'a PuTTY key'],
  ['XML', '<RSAKeyValue><Modulus>qA==</Modulus></RSAKeyValue>', 'an RSA key in XML'],
  ['a token', 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln', 'a JSON Web Token'],
  ['a token with its scheme', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln', 'a JSON Web Token'],
];

const BEFORE: readonly [string, string][] = [
  ['a blank', ' '],
  ['a line end', '\n'],
  ['a tab', '\t'],
  ['a byte order mark', '\uFEFF'],
  ['U+00A0', '\u00a0'],
  ['a comment', '# comment\n'],
  ['x', 'x'],
  ['bag attributes', 'Bag Attributes\n    friendlyName: a\n'],
];

/** The ways in which bytes come as a secret. */
function asSecrets(material: string | Buffer): readonly [string, KeySource][] {
  const bytes = Buffer.from(material);
  return [
    ['hex', { hex: bytes.toString('hex') }],
    ['base64url', { base64url: bytes.toString('base64url') }],
    ['text', { text: bytes.toString('latin1') }],
    ['its base64 as text', { text: bytes.toString('base64') }],
    ['its digits as text', { text: bytes.toString('hex').toUpperCase() }],
    ['its digits with colons as text', { text: bytes.toString('hex').replace(/..(?=.)/g, '$&:') }],
    ['an oct JWK', { jwk: { kty: 'oct', k: bytes.toString('base64url') } }],
    ['a KeyObject', createSecretKey(bytes)],
  ];
}

describe('L12 a secret that is none', () => {
  it.each(MATERIAL)('L12 %s is named and refused in every form of a secret', (_format, material, what) => {
    for (const [_form, source] of asSecrets(material)) {
      expect(() => importKey(source, 'HS256')).toThrow(
        expect.objectContaining({
          hint: `What was given as a secret is ${what}, which others may know.`,
          code: 'ERR_KEY_INVALID',
        }),
      );
    }
  });

  it.each(MATERIAL)('L12 %s given as hex or base64url by mistake is named', (_format, material, what) => {
    const text = Buffer.from(material).toString('latin1');
    const name = (source: KeySource): string => {
      try {
        importKey(source);
      } catch (error) {
        return (error as InvalidKey).hint;
      }
      return 'imported';
    };
    expect(name({ hex: text })).toBe(`The key given as { hex } is ${what}.`);
    // What is canonical base64url by accident is read as that, and named all the same.
    expect(name({ base64url: text })).toContain(`is ${what}`);
  });

  it('L12 twin: random bytes are a secret in every form', () => {
    for (let round = 0; round < 50; round += 1) {
      for (const [_form, source] of asSecrets(randomBytes(64)).filter(([form]) => form !== 'text')) {
        expect(importKey(source, 'HS512').algorithm).toBe('HS512');
      }
    }
  });

  it.each<[string, Buffer]>([
    ['begin as DER does', Buffer.from(`3082010a${HEX}`, 'hex')],
    ['are a sequence of the right length', Buffer.from(`303e${HEX.slice(0, 124)}`, 'hex')],
    ['are two numbers, as a signature is', Buffer.from(`3044${`0220${HEX.slice(0, 64)}`.repeat(2)}`, 'hex')],
    ['have a length that never ends', Buffer.from(`3080${HEX}`, 'hex')],
    ['have a length of four bytes', Buffer.from(`3084ffffffff${HEX}`, 'hex')],
  ])('L12 twin: bytes that %s are a secret', (_case, bytes) => {
    expect(formatOf(bytes)).toBeUndefined();
    expect(importKey(createSecretKey(bytes)).algorithm).toBe('HS256');
  });

  it('L12 bytes that were read as text, and are none, are refused', () => {
    const mangled = der(spki(rsa())).toString('utf8');
    expect(() => importKey({ text: mangled })).toThrow(/stand for bytes which are no text \(U\+FFFD\)/);
  });

  it.each([
    'the keys are under the mat, and the mat is far away',
    'ssh is how we came in; ssh-like words are no SSH keys',
    '{"a":"JSON object that is long enough for HS256"}',
    'three.dotted.words-that-are-long-enough-for-a-key',
  ])('L12 twin: the text %j is a secret', (text) => {
    expect(importKey({ text }).algorithm).toBe('HS256');
  });
});

describe('L13 material with something before it', () => {
  const texts = MATERIAL.filter(([, material]) => typeof material === 'string').map(
    ([format, material, what]) => [format, String(material), what] as const,
  );

  it.each(BEFORE)('L13 %s before it makes a secret of nothing', (_case, before) => {
    for (const [format, text] of texts) {
      // A token or bare base64 with something before it is neither any more.
      if (format.startsWith('a token') || format === 'the middle of an SSH key') continue;
      expect(formatOf(before + text), format).toBeDefined();
      expect(() => importKey({ text: before + text })).toThrow(InvalidKey);
    }
  });

  it.each(BEFORE)('L13 %s before PEM: it is read as asymmetric, or not at all', async (_case, before) => {
    const pem = before + spki(rsa());
    if (before.trim() === '') {
      expect(importKey({ pem }).algorithm).toBe('RS256');
      const token = handmadeBy(rsa().privateKey, { alg: 'RS256' });
      expect((await validatorOf({ keys: { pem } }).verify(token)).header.alg).toBe('RS256');
      const forged = handmade({ alg: 'HS256' }, CLAIMS, pem);
      expect(await refusalOf(() => validatorOf({ keys: { pem } }).verify(forged))).toMatchObject({
        code: 'ERR_JOSE_ALG_NOT_ALLOWED',
      });
    } else {
      expect(() => importKey({ pem })).toThrow(/not exactly one whole block: there is more beside it/);
      expect(() => new JwtValidator({ keys: { pem }, issuer: null, audience: null })).toThrow(InvalidKey);
    }
  });

  it('L13 two blocks of PEM are not one key', () => {
    expect(() => importKey({ pem: spki(rsa()) + spki(rsa('two')) })).toThrow(
      /not exactly one whole block: it has PUBLIC KEY, PUBLIC KEY/,
    );
  });
});

describe('a PEM of another kind', () => {
  it.each<[string, string, RegExp]>([
    ['a certificate', EC_CERTIFICATE, /holds a CERTIFICATE, which is no key\. Give it as \{ x509 \}/],
    [
      'a request',
      CERTIFICATE_REQUEST,
      /holds a CERTIFICATE REQUEST, which is no key\. Give the certificate that was made/,
    ],
    [
      'an OpenSSH key',
      OPENSSH_KEY,
      /holds an OPENSSH PRIVATE KEY, which is no key that is taken here\. Turn it into PKCS#8/,
    ],
    [
      'parameters',
      '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n',
      /holds an EC PARAMETERS, which is no key\. Those are parameters/,
    ],
    [
      'a DSA key',
      '-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n',
      /No algorithm of JWS uses DSA/,
    ],
    [
      'something unheard of',
      '-----BEGIN RECIPE-----\nAAAA\n-----END RECIPE-----\n',
      /holds a RECIPE, which is no key\. Give a key/,
    ],
    ['a JWK', JSON.stringify(jwk), /\{ pem \} is a JSON Web Key\. Give it as \{ jwk \}/],
    ['an SSH key', OPENSSH_PUBLIC_KEY, /\{ pem \} is an SSH key\. Turn it into PEM/],
    [
      'base64 without its frame',
      der(EC_KEY).toString('base64'),
      /\{ pem \} is a private key in DER \(PKCS#8\)/,
    ],
    ['a block cut off', EC_KEY.slice(0, -12), /it is cut or damaged/],
  ])('names %s', (_case, pem, expected) => {
    expect(() => importKey({ pem })).toThrow(expected);
  });
});
