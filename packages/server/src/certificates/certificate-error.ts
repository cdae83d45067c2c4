/** Why there is no usable certificate, in one line a person can act on. */

/** The codes of {@link CertificateError}. */
export type CertificateErrorCode =
  | 'ERR_CERTIFICATE_UNREADABLE'
  | 'ERR_CERTIFICATE_INVALID'
  | 'ERR_CERTIFICATE_FOLDER';

/**
 * A certificate could not be read, made or used at start. It never holds key material. `message` is one line, and so is
 * `stack`: a program that does not catch it shows what to do, and not where in the server it was thrown.
 */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code: CertificateErrorCode;

  constructor(code: CertificateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.stack = `${this.name}: ${message}`;
    // Node prints causes too; they come from its file system, and their frames say no more.
    if (options?.cause instanceof Error) options.cause.stack = String(options.cause);
  }
}
