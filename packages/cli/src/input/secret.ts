/** Shared secrets as text: in hexadecimal digits, in base64url, or as they are. */
import type { Base64urlKey, HexKey, TextKey } from '@tokenwright/jwt';
import { usage } from '../failure.js';

/** The forms, each written before its secret and a colon. */
export const SECRET_FORMS = ['hex', 'base64url', 'text'] as const;

/** One of {@link SECRET_FORMS}. */
export type SecretForm = (typeof SECRET_FORMS)[number];

/** A secret in one of the forms. */
export type SecretSource = HexKey | Base64urlKey | TextKey;

/**
 * A secret from a file or a variable. An editor's line end is no part of it: from text one is removed, and blanks
 * around digits mean nothing.
 *
 * @throws Failure when nothing is left.
 */
export function readSecret(form: SecretForm, content: string, name: string): SecretSource {
  const secret = form === 'text' ? content.replace(/\r?\n$/, '') : content.trim();
  if (secret === '') throw usage(`${name} has no key in it.`, 'There is no default key.');
  return secretIn(form, secret);
}

/** The key source of a secret. */
export function secretIn(form: SecretForm, secret: string): SecretSource {
  switch (form) {
    case 'hex':
      return { hex: secret };
    case 'base64url':
      return { base64url: secret };
    case 'text':
      return { text: secret };
  }
}
