/** Mutual TLS: whose client certificates a listener asks for (RFC 8446 §4.3.2). */
import { X509Certificate } from 'node:crypto';
import { refuseUnknownOptions } from '../nearest-name.js';

/** Options of `clientCertificates`. */
export interface ClientCertificateOptions {
  /** The authorities that issue client certificates, as PEM. Only these are trusted: the system's are not. */
  ca: string | Buffer | readonly (string | Buffer)[];
  /**
   * Ends the handshake of a client without a valid certificate. Default false: every client may connect, and a scheme
   * of the route decides (it has to ask whether the certificate was `authorized`).
   */
  required?: boolean | undefined;
}

/** Checked: one PEM text for each authority. */
export interface ClientCertificates {
  readonly ca: readonly string[];
  readonly required: boolean;
}

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
/** The names `development-certificate.ts` gives its authorities. */
const DEVELOPMENT = /^O=Tokenwright development CA/m;

/**
 * Checks the options.
 *
 * @throws TypeError without TLS, for what is no PEM certificate, and for a development CA: whoever may read its key,
 * which lies in a folder of the user, could make itself any client
 */
export function checkClientCertificates(options: ClientCertificateOptions, tls: boolean): ClientCertificates {
  const where = '.listener(): clientCertificates';
  refuseUnknownOptions(options, ['ca', 'required'], where);
  if (!tls) throw new TypeError(`${where} needs tls: without it there is no handshake to ask in.`);
  const given = Array.isArray(options.ca) ? options.ca : [options.ca];
  const ca = given.flatMap((text) => String(text ?? '').match(PEM) ?? []);
  if (ca.length === 0) throw new TypeError(`${where}.ca has to hold PEM certificates of authorities.`);
  for (const text of ca) {
    const { subject } = parse(text, where);
    if (DEVELOPMENT.test(subject)) {
      throw new TypeError(
        `${where}.ca has a development CA, which must not vouch for clients. Make an authority of your own for them.`,
      );
    }
  }
  return Object.freeze({ ca: Object.freeze(ca), required: options.required === true });
}

function parse(text: string, where: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new TypeError(`${where}.ca holds a certificate that cannot be read.`);
  }
}
