/** The refusal of a credential that was looked at and is not good: one answer for the client, whatever the scheme. */
import type { Failure } from '../scheme.js';
import { SENTENCES } from '../sentences.js';

/** A 401 whose code and words are for the log. */
export function credentialsInvalid(
  code: string,
  words: { readonly hint: string; readonly fix: string },
): Failure {
  return Object.freeze({
    failed: true,
    status: 401,
    error: 'invalid_credentials',
    description: SENTENCES.credentialsInvalid,
    code,
    ...words,
  });
}
