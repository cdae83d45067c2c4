/** A development CA and a certificate for this machine, made through `mkcert`, kept and renewed. Never for production. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type CertificateState, checkAuthority, checkServer } from './certificate-check.js';
import {
  type CertificatePair,
  certificateFile,
  defaultFolder,
  keyFile,
  prepareFolder,
  readPair,
  writePair,
} from './certificate-folder.js';
import { warnIfOthersMay } from './key-permissions.js';
import { type StillMine, withLock } from './lock.js';

/** Where a development certificate is kept and for which names it is made. */
export interface SelfSignedOptions {
  /** The folder it is kept in. Default: `certificates` in the user's data folder for tokenwright. */
  directory?: string | undefined;
  /** Names and IP addresses besides localhost, 127.0.0.1 and ::1. */
  hosts?: readonly string[] | undefined;
}

/** A key, its certificate, and the file of the CA to trust. */
export interface DevelopmentCertificate extends CertificatePair {
  readonly certificateAuthority: string;
}

/** Days. 825 is the most that Apple's clients accept; the CA always outlives a certificate made today. */
const AUTHORITY = { validity: 825, renewBefore: 70 };
/** Days. Short, so that a leaked one ends soon; renewed at a start in its last week. */
const SERVER = { validity: 60, renewBefore: 7 };
const OWN_NAMES = ['localhost', '127.0.0.1', '::1'];

/**
 * The kept development certificate, or a new one when there is none, it ends soon, is damaged, or has other names.
 *
 * @param clock - the present, in milliseconds since 1970
 * @throws CertificateError when the folder cannot be used
 */
export async function developmentCertificate(
  options: SelfSignedOptions,
  log: Logger,
  clock: () => number = Date.now,
): Promise<DevelopmentCertificate> {
  const folder = options.directory ?? defaultFolder();
  const hosts = [...new Set([...OWN_NAMES, ...(options.hosts ?? [])])];
  const kept = await look(folder, hosts, clock());
  const server =
    kept.server === 'good' && kept.pair !== undefined ? kept.pair : await make(folder, hosts, log, clock);
  // Whoever has the CA's key may be any site to whoever trusts it: the more so when it was copied here with other rights.
  for (const name of ['ca', 'server'] as const) await warnIfOthersMay(keyFile(folder, name), log);
  return { ...server, certificateAuthority: certificateFile(folder, 'ca') };
}

interface Kept {
  readonly authority: CertificateState | undefined;
  readonly authorityPair: CertificatePair | undefined;
  readonly server: CertificateState | undefined;
  readonly pair: CertificatePair | undefined;
}

async function look(folder: string, hosts: readonly string[], now: number): Promise<Kept> {
  const [authorityPair, pair] = await Promise.all([readPair(folder, 'ca'), readPair(folder, 'server')]);
  const authority = authorityPair && checkAuthority(authorityPair, AUTHORITY.renewBefore, now);
  const server =
    pair && authorityPair && authority === 'good'
      ? checkServer(pair, authorityPair, hosts, SERVER.renewBefore, now)
      : undefined;
  return { authority, authorityPair, server, pair };
}

/** Looks again under the lock: another start may have made it meanwhile. */
async function make(
  folder: string,
  hosts: readonly string[],
  log: Logger,
  clock: () => number,
): Promise<CertificatePair> {
  await prepareFolder(folder);
  return withLock(join(folder, 'lock'), async (stillMine) => {
    const kept = await look(folder, hosts, clock());
    if (kept.server === 'good' && kept.pair !== undefined) return kept.pair;
    if (kept.authority === 'damaged' || kept.server === 'damaged') {
      log.warn({ folder }, 'The kept development certificate is damaged: a new one is made.');
    }
    const usable = kept.authority === 'good' ? kept.authorityPair : undefined;
    const authority = usable ?? (await makeAuthority(folder, log, stillMine));
    return makeServer(folder, hosts, authority, log, stillMine);
  });
}

async function makeAuthority(folder: string, log: Logger, stillMine: StillMine): Promise<CertificatePair> {
  const { createCA } = await import('mkcert');
  const authority = await createCA({
    // Without key identifiers in the certificates, clients find the issuer by its name alone: each CA has its own.
    organization: `Tokenwright development CA ${randomBytes(4).toString('hex')}`,
    countryCode: 'XX',
    state: 'Development',
    locality: 'This machine',
    validity: AUTHORITY.validity,
  });
  await stillMine();
  await writePair(folder, 'ca', authority);
  const file = certificateFile(folder, 'ca');
  const where = folder === defaultFolder() ? '' : ` --dir "${folder}"`;
  log.info(
    { certificateAuthority: file },
    `Made a development CA. To trust it: curl --cacert "${file}", or for Node.js NODE_EXTRA_CA_CERTS="${file}"; for browsers and the system, with the command line of @tokenwright/cli: tokenwright cert trust${where}`,
  );
  return authority;
}

async function makeServer(
  folder: string,
  hosts: readonly string[],
  ca: CertificatePair,
  log: Logger,
  stillMine: StillMine,
): Promise<CertificatePair> {
  const { createCert } = await import('mkcert');
  const pair = await createCert({ ca, domains: [...hosts], validity: SERVER.validity });
  await stillMine();
  await writePair(folder, 'server', pair);
  log.info({ hosts }, `Made a development certificate, good for ${SERVER.validity} days.`);
  return pair;
}
