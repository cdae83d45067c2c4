/** Shared secrets from text in three spellings. What others may know, in whatever disguise, is no secret. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { base64urlFault } from '../base64url.js';
import { InvalidKey } from '../errors.js';
import { formatOf } from './formats.js';

/** The bytes as a secret. @throws InvalidKey for none, and for keys, certificates or tokens of any format. */
export function secretFromBytes(bytes: Buffer): KeyObject {
  if (bytes.length === 0)
    throw new InvalidKey('The secret has no bytes.', 'There is no default key: give one.');
  refuseFormats(bytes);
  return createSecretKey(bytes);
}

function refuseFormats(material: Buffer | string): void {
  const format = formatOf(material);
  if (format === undefined) return;
  throw new InvalidKey(`What was given as a secret is ${format.what}, which others may know.`, format.fix);
}

/** @throws InvalidKey for anything but an even, non-zero number of hexadecimal digits. */
export function bytesFromHex(value: unknown, form = 'hex'): Buffer {
  const text = nonEmptyText(value, form);
  const position = text.search(/[^0-9a-fA-F]/);
  if (position !== -1) {
    throw (
      otherFormat(text, form) ??
      new InvalidKey(
        `The hexadecimal key has a character that is no digit at position ${position}.`,
        `Use 0-9 and a-f without blanks or 0x${spelling(text)}.`,
      )
    );
  }
  if (text.length % 2 !== 0) {
    throw new InvalidKey(
      'The hexadecimal key has an odd number of digits.',
      'Two digits make a byte; one is missing or too many.',
    );
  }
  return Buffer.from(text, 'hex');
}

/** @throws InvalidKey for anything but canonical base64url. */
export function bytesFromBase64url(value: unknown, form = 'base64url'): Buffer {
  const text = nonEmptyText(value, form);
  const fault = base64urlFault(text);
  if (fault !== undefined) {
    throw (
      otherFormat(text, form) ??
      new InvalidKey(
        `The base64url key ${fault}.`,
        'Base64url has A-Z, a-z, 0-9, - and _, without = at the end. For base64 replace + by - and / by _.',
      )
    );
  }
  return Buffer.from(text, 'base64url');
}

/** The UTF-8 bytes of a text. @throws InvalidKey for an empty one, and for what was bytes once and is text no more. */
export function bytesFromText(value: unknown): Buffer {
  const text = nonEmptyText(value, 'text');
  refuseFormats(text);
  if (text.includes('\uFFFD')) {
    throw new InvalidKey(
      'The text has characters that stand for bytes which are no text (U+FFFD).',
      'Give bytes as { hex } or { base64url }.',
    );
  }
  return Buffer.from(text);
}

/** The text of a form. @throws InvalidKey for an empty one, or anything that is no string; nothing is asked for its text. */
export function nonEmptyText(value: unknown, form: string): string {
  if (typeof value !== 'string') {
    throw new InvalidKey(`The key given as { ${form} } is no string.`, fixForNoText(value));
  }
  if (value === '') {
    throw new InvalidKey(
      `The key given as { ${form} } is empty.`,
      'An environment variable that is not set often is the reason; there is no default key.',
    );
  }
  return value;
}

function fixForNoText(value: unknown): string {
  if (value === undefined)
    return 'An environment variable that is not set often is the reason; there is no default key.';
  return value instanceof Uint8Array
    ? "It is bytes: read the file with 'utf8', or give its file: URL; of a secret, give the text of the form."
    : 'Check the configuration it comes from.';
}

/** The error for material in another format than the one it was given as; undefined when none is recognised. */
export function otherFormat(material: string | Buffer, form: string): InvalidKey | undefined {
  const format = formatOf(material);
  return format && new InvalidKey(`The key given as { ${form} } is ${format.what}.`, format.fix);
}

function spelling(text: string): string {
  if (base64urlFault(text) === undefined) return '; if it is base64url, give it as { base64url }';
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text)
    ? '; if it is base64, replace + by - and / by _, leave = away and give it as { base64url }'
    : '';
}
