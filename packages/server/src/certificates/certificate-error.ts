/** Why there is no usable certificate, in one line a person can act on. */

/** The codes of {@link CertificateError}. */
export type CertificateErrorCode =
  | 'ERR_CERTIFICATE_UNREADABLE'
  | 'ERR_CERTIFICATE_INVALID'
  | 'ERR_CERTIFICATE_FOLDER';

/** A certificate could not be read, made or used at start. It never holds key material. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code: CertificateErrorCode;

  constructor(code: CertificateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
