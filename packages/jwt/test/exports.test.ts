import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as faces from '../src/index.ts';
import * as remote from '../src/remote.ts';
import * as testing from '../src/testing.ts';

describe('the package', () => {
  it('exports these values and no other', () => {
    expect(Object.keys(faces).sort()).toEqual([
      'InvalidKey',
      'InvalidOption',
      'JOSEAlgNotAllowed',
      'JOSEError',
      'JOSENotSupported',
      'JWEDecryptionFailed',
      'JWEInvalid',
      'JWKInvalid',
      'JWKSInvalid',
      'JWKSMultipleMatchingKeys',
      'JWKSNoMatchingKey',
      'JWKSTimeout',
      'JWSInvalid',
      'JWSSignatureVerificationFailed',
      'JWTClaimValidationFailed',
      'JWTExpired',
      'JWTInvalid',
      'JWTRevoked',
      'JWTSessionOver',
      'JwtBuilder',
      'JwtValidator',
      'KeyRing',
      'KeysUnavailable',
      'REASONS',
      'RevocationTimeout',
      'SIGNATURE_ALGORITHMS',
      'accessToken',
      'decryptCompact',
      'encryptCompact',
      'explain',
      'generateKey',
      'importEncryptionKey',
      'importJwks',
      'importKey',
      'inWords',
      'inspect',
      'signCompact',
      'thumbprint',
      'verifyCompact',
    ]);
  });

  it('exports what fetches from /remote, and nothing else of it', () => {
    expect(Object.keys(remote).sort()).toEqual(['KeysUnavailable', 'discover', 'remoteJwks']);
    expect(remote.KeysUnavailable).toBe(faces.KeysUnavailable);
  });

  it('exports what tests need from /testing, and nothing else of it', () => {
    expect(Object.keys(testing).sort()).toEqual(['badTokens', 'testClock', 'testIssuer']);
  });

  it('has an inspect that needs nothing but JavaScript', () => {
    const seen = new Set<string>();
    const outside: string[] = [];
    const follow = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8');
      expect(source).not.toMatch(/\bBuffer\b|\bprocess\b/);
      for (const [, name = ''] of source.matchAll(/^import (?!type )[^;]* from '([^']+)';$/gm)) {
        if (name.startsWith('./')) follow(name.slice(2).replace(/\.js$/, '.ts'));
        else outside.push(name);
      }
    };
    follow('inspect.ts');
    expect([...seen].sort()).toEqual(['base64url.ts', 'inspect.ts', 'json.ts', 'repeated-members.ts']);
    expect(outside).toEqual([]);
  });
});
