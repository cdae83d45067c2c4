/** Certificates for tests: an authority, and what it issues. */
import { createCA, createCert } from 'mkcert';

export interface Pair {
  readonly key: string;
  readonly cert: string;
}

/** An authority of the name, good for a year. */
export function authority(organization: string): Promise<Pair> {
  const place = { countryCode: 'XX', state: 'Test', locality: 'Test' };
  return createCA({ organization, ...place, validity: 365 });
}

/** A certificate for this machine, or for `domains`. */
export function issue(
  ca: Pair,
  {
    domains = ['localhost', '127.0.0.1', '::1'],
    validity = 60,
  }: { domains?: string[]; validity?: number } = {},
): Promise<Pair> {
  return createCert({ ca, domains, validity });
}
