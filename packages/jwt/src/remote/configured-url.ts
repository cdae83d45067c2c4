/** Which URLs keys and metadata are fetched from (RFC 8414 §2): https, or http to this very machine. */
import { InvalidOption } from '../errors.js';

/** Why a URL is not fetched from, as the end of a sentence; undefined when it is. */
export function urlFault(url: URL): string | undefined {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    return 'is not https, and http is for this machine alone (localhost, 127.0.0.1, ::1)';
  }
  if (url.username !== '' || url.password !== '') return 'has a name or password in it';
  return url.hash === '' ? undefined : 'has a fragment';
}

/** Whether the host is this machine. Names that merely resolve to it do not count. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Whether a connection there ends at this machine in whatever spelling: with a dot at the end, mapped to IPv6, unspecified. */
export function reachesThisMachine(url: URL): boolean {
  const host = url.hostname.replace(/\.$/, '');
  if (host === '0.0.0.0' || host === '[::]' || host.endsWith('.localhost')) return true;
  // The URL standard writes ::ffff:127.0.0.1 as ::ffff:7f00:1.
  return /^\[::ffff:(?:7f[0-9a-f]{2}:[0-9a-f]{1,4}|0:0)\]$/.test(host) || isLoopback({ hostname: host });
}

/** The URL of an option. @throws InvalidOption for one that is not fetched from. */
export function configuredUrl(url: unknown, option: string): URL {
  const text = url instanceof URL ? url.href : url;
  if (typeof text !== 'string' || !URL.canParse(text)) {
    throw new InvalidOption(option, 'is no absolute URL', "Give it whole: 'https://…'.");
  }
  const parsed = new URL(text);
  const fault = urlFault(parsed);
  if (fault !== undefined) throw new InvalidOption(option, fault, 'Keys from there could be anybody’s.');
  return parsed;
}

/** A URL as it may stand in a report: a query can hold what is nobody's business. */
export function shownUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
