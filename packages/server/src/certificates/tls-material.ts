/** A certificate that is ready to use, and how it is replaced while the server runs. */
import type { SecureContextOptions } from 'node:tls';

/** Key and certificate as Node's TLS takes them. */
export type TlsContext = Pick<SecureContextOptions, 'key' | 'cert' | 'pfx' | 'passphrase'>;

/** How a certificate is replaced while the server runs. */
export interface Renewal {
  /** How often to look, in milliseconds. */
  readonly every: number;
  /**
   * The new one, if there is one since the last call.
   *
   * @throws CertificateError when there is one and it cannot be used
   */
  next(): Promise<TlsContext | undefined>;
}

/** A certificate that is ready to use. */
export interface TlsMaterial {
  readonly context: TlsContext;
  readonly renewal?: Renewal;
  /** The file of the development CA, when the certificate is one of its own making. */
  readonly certificateAuthority?: string;
}
