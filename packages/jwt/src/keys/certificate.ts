/** Keys from X.509 certificates (RFC 5280): the public one in it, and the private one that belongs to it. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { InvalidKey } from '../errors.js';
import { readKeyFile } from './file.js';
import { algorithmIdentifier } from './formats.js';
import { keyFromPem, pemBlocks } from './pem.js';
import { missingAlgorithm } from './runtime.js';
import { nonEmptyText } from './secret.js';

/** What DER begins with, and no text. */
const DER_SEQUENCE = 0x30;
const CERTIFICATE = /^(?:X509 |TRUSTED )?CERTIFICATE$/;

/**
 * The key of a certificate, and its public half. Of a chain the first certificate counts.
 *
 * @throws InvalidKey for what is no certificate, or a private key that is not the certificate's.
 */
export function keyFromCertificate(
  x509: unknown,
  pem: unknown,
  passphrase: unknown,
): { key: KeyObject; publicKey: KeyObject } {
  const publicKey = publicKeyOf(certificateFrom(x509));
  if (pem === undefined) {
    if (passphrase === undefined) return { key: publicKey, publicKey };
    throw new InvalidKey(
      'A passphrase came without a private key to open.',
      'Give { x509, pem, passphrase }.',
    );
  }
  const key = keyFromPem(pem, passphrase);
  if (key.type !== 'private') {
    throw new InvalidKey(
      'The PEM beside the certificate holds no private key.',
      'Give the private key, or leave it out.',
    );
  }
  return { key, publicKey };
}

function certificateFrom(x509: unknown): X509Certificate {
  const material = x509 instanceof URL ? readKeyFile(x509) : nonEmptyText(x509, 'x509');
  const isDer = material[0] === DER_SEQUENCE;
  const blocks = isDer ? [] : pemBlocks(material, 'x509');
  const wrong = blocks.find(({ label }) => !CERTIFICATE.test(label));
  if (wrong !== undefined) {
    throw new InvalidKey(
      `The PEM given as { x509 } holds a ${wrong.label}, which is no certificate.`,
      'Give the certificate as { x509 } and its private key beside it: { x509, pem }.',
    );
  }
  try {
    return new X509Certificate(isDer ? material : (blocks[0]?.text ?? ''));
  } catch {
    throw new InvalidKey(
      'The certificate cannot be read.',
      'It may be cut or damaged: compare it with its source.',
    );
  }
}

function publicKeyOf(certificate: X509Certificate): KeyObject {
  try {
    return certificate.publicKey;
  } catch {
    throw (
      missingAlgorithm(algorithmIdentifier(certificate.raw)) ??
      new InvalidKey(
        'The public key in the certificate is of a kind that is not known here.',
        'Use a certificate with an RSA, EC or Ed25519 key.',
      )
    );
  }
}
