/** Asymmetric keys from PEM (RFC 7468): PKCS#8, PKCS#1, SEC1 and SPKI, encrypted ones with their passphrase. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { InvalidKey } from '../errors.js';
import { readKeyFile, textOfFile } from './file.js';
import { algorithmIdentifier, formatOfLabel } from './formats.js';
import { missingAlgorithm } from './runtime.js';
import { nonEmptyText, otherFormat } from './secret.js';

/** One block, with the header lines that OpenSSL's own encryption writes (RFC 1421 §4.6). */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n((?:[\w-]+: [^\r\n]*\r?\n)*)([^-]*)-----END \1-----/g;
const PRIVATE = new Set(['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY']);
const PUBLIC = new Set(['PUBLIC KEY', 'RSA PUBLIC KEY']);

/** A block of PEM. */
export interface PemBlock {
  readonly label: string;
  /** From BEGIN to END. */
  readonly text: string;
  readonly encrypted: boolean;
  readonly der: Buffer;
}

/** The blocks of a text or a file. @throws InvalidKey when there is anything but whole blocks and blanks in it. */
export function pemBlocks(material: string | Buffer, form: string): readonly PemBlock[] {
  const text = typeof material === 'string' ? material : textOfFile(material);
  const blocks = [...text.matchAll(BLOCK)].map(([block, label = '', headers = '', body = '']) => ({
    label,
    text: block,
    encrypted: label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(headers),
    der: Buffer.from(body, 'base64'),
  }));
  if (blocks.length > 0 && text.replaceAll(BLOCK, '').trim() === '') return blocks;
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(text)) {
    throw (
      otherFormat(material, form) ??
      new InvalidKey(
        'The text has no PEM block.',
        'Give everything from -----BEGIN to -----END, and nothing else; the text of the file, not its path.',
      )
    );
  }
  throw new InvalidKey(
    blocks.length === 0
      ? 'The PEM is not exactly one whole block: it is cut or damaged.'
      : 'The PEM is not exactly one whole block: there is more beside it.',
    text.includes('\\n')
      ? 'Its line breaks are written as \\n: turn them into real ones.'
      : 'Give everything from -----BEGIN to -----END, and nothing else.',
  );
}

/** @throws InvalidKey for anything but one block of a kind that holds a key, or a passphrase that does not open it. */
export function keyFromPem(pem: unknown, passphrase: unknown): KeyObject {
  const blocks = pemBlocks(pem instanceof URL ? readKeyFile(pem) : nonEmptyText(pem, 'pem'), 'pem');
  const [block] = blocks;
  if (block === undefined || blocks.length > 1) {
    throw new InvalidKey(
      `The PEM is not exactly one whole block: it has ${blocks.map(({ label }) => label).join(', ')}.`,
      'Keep the one block with the key.',
    );
  }
  const { label, encrypted } = block;
  if (!PRIVATE.has(label) && !PUBLIC.has(label)) {
    throw new InvalidKey(
      `The PEM holds ${/^[AEIOU]/.test(label) ? 'an' : 'a'} ${label}, which is no key${label.endsWith(' KEY') ? ' that is taken here' : ''}.`,
      formatOfLabel(label).fix,
    );
  }
  if (passphrase !== undefined && typeof passphrase !== 'string') {
    throw new InvalidKey('The passphrase is no string.', 'Give it as text.');
  }
  if (encrypted && !passphrase)
    throw new InvalidKey('The PEM is encrypted.', 'Give its passphrase: { pem, passphrase }.');
  try {
    return PUBLIC.has(label)
      ? createPublicKey(block.text)
      : createPrivateKey(passphrase === undefined ? block.text : { key: block.text, passphrase });
  } catch {
    // The runtime's own error is not chained: on some versions it quotes what it could not read.
    throw (
      missingAlgorithm(algorithmIdentifier(block.der)) ??
      new InvalidKey(
        encrypted ? 'The passphrase does not open the PEM.' : `The ${label} in the PEM cannot be read.`,
        encrypted ? 'Check the passphrase.' : 'It may be cut or damaged: compare it with its source.',
      )
    );
  }
}
