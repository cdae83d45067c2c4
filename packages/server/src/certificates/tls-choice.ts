/** What `tls` of a listener may be, checked when it is given and turned into key and certificate at start. */
import type { Logger } from 'pino';
import { type Duration, milliseconds } from '../duration.js';
import { refuseUnknownOptions } from '../nearest-name.js';
import { certificateFromFiles } from './certificate-files.js';
import { developmentCertificate, type SelfSignedOptions } from './development-certificate.js';
import { materialProblem, warnBeforeItsEnd } from './own-certificate.js';
import type { TlsContext, TlsMaterial } from './tls-material.js';

/**
 * - `'self-signed'` or `{ selfSigned }`: a development CA and certificate, made once and kept. Never for production.
 * - `{ key, cert }`: PEM text of one's own; `{ pfx }`: PKCS #12 bytes.
 * - `{ keyFile, certFile }`, `{ pfxFile }`: the same, read from files at start, and again when they change.
 *   `checkEvery` says how often they are looked at; default `'5s'`.
 */
export type TlsChoice =
  | 'self-signed'
  | { readonly selfSigned: SelfSignedOptions }
  | {
      readonly key: string | Buffer;
      readonly cert: string | Buffer;
      readonly passphrase?: string | undefined;
    }
  | { readonly pfx: Buffer; readonly passphrase?: string | undefined }
  | {
      readonly keyFile: string;
      readonly certFile: string;
      readonly passphrase?: string | undefined;
      readonly checkEvery?: Duration | undefined;
    }
  | {
      readonly pfxFile: string;
      readonly passphrase?: string | undefined;
      readonly checkEvery?: Duration | undefined;
    };

const FORMS =
  "Give 'self-signed', { selfSigned: { directory, hosts } }, { key, cert } as PEM text, { pfx }, { keyFile, certFile } or { pfxFile }.";
const KNOWN = {
  key: ['key', 'cert', 'passphrase'],
  pfx: ['pfx', 'passphrase'],
  keyFile: ['keyFile', 'certFile', 'passphrase', 'checkEvery'],
  pfxFile: ['pfxFile', 'passphrase', 'checkEvery'],
} as const;
const CHECK_EVERY = '5s';
/** A development certificate is renewed in its last week, so twice a day is often enough (ms). */
const DEVELOPMENT_CHECK = 12 * 3_600_000;

/**
 * Checks the choice as far as that needs no file.
 *
 * @throws TypeError when it is none of the forms, or when key and certificate are no PEM or no pair
 */
export function checkTls(tls: TlsChoice): void {
  if (tls === 'self-signed') return;
  if (typeof tls !== 'object' || tls === null) {
    throw new TypeError(`.listener(): tls ${JSON.stringify(tls)} is unknown. ${FORMS}`);
  }
  if ('selfSigned' in tls) {
    refuseUnknownOptions(tls.selfSigned, ['directory', 'hosts'], '.listener(): tls.selfSigned');
    return;
  }
  const form = (Object.keys(KNOWN) as (keyof typeof KNOWN)[]).find((name) => name in tls);
  const incomplete = (form === 'key' && !('cert' in tls)) || (form === 'keyFile' && !('certFile' in tls));
  if (form === undefined || incomplete) throw new TypeError(`.listener(): tls is incomplete. ${FORMS}`);
  refuseUnknownOptions(tls, KNOWN[form], '.listener(): tls');
  if ('checkEvery' in tls && tls.checkEvery !== undefined)
    milliseconds(tls.checkEvery, '.listener(): tls.checkEvery');
  if (form === 'keyFile' || form === 'pfxFile') return;
  const problem = materialProblem(tls as TlsContext);
  if (problem !== undefined)
    throw new TypeError(`.listener(): tls: ${problem} For files write { keyFile, certFile } or { pfxFile }.`);
}

/** The names a development certificate is made for besides those of the machine. */
export function developmentHosts(tls: TlsChoice | undefined): readonly string[] {
  return typeof tls === 'object' && 'selfSigned' in tls ? (tls.selfSigned.hosts ?? []) : [];
}

/**
 * Gets key and certificate ready.
 *
 * @param clock - the present, in milliseconds since 1970
 * @throws CertificateError when a file cannot be read or holds no usable pair, when the certificate has ended, or when
 * the development CA cannot be made
 */
export async function tlsMaterial(
  tls: TlsChoice,
  log: Logger,
  clock: () => number = Date.now,
): Promise<TlsMaterial> {
  if (tls === 'self-signed') return development({}, log, clock);
  if ('selfSigned' in tls) return development(tls.selfSigned, log, clock);
  if ('keyFile' in tls || 'pfxFile' in tls) {
    const every = milliseconds(tls.checkEvery ?? CHECK_EVERY, '.listener(): tls.checkEvery');
    return certificateFromFiles(tls, every, log, clock);
  }
  const { passphrase, ...rest } = tls;
  const context: TlsContext = passphrase === undefined ? rest : { ...rest, passphrase };
  warnBeforeItsEnd(context, 'The certificate', log, clock());
  return { context };
}

async function development(
  options: SelfSignedOptions,
  log: Logger,
  clock: () => number,
): Promise<TlsMaterial> {
  let { key, cert, certificateAuthority } = await developmentCertificate(options, log, clock);
  const next = async () => {
    const kept = await developmentCertificate(options, log, clock);
    if (kept.cert === cert) return undefined;
    ({ key, cert } = kept);
    return { key, cert };
  };
  return { context: { key, cert }, certificateAuthority, renewal: { every: DEVELOPMENT_CHECK, next } };
}
