/** What can go wrong between here and a service, in words: names, connections, certificates, time. */

/** A fault of the way to a service. */
export interface NetworkFault {
  /** The way itself, or the trust in the certificate at its end. */
  readonly side: 'network' | 'certificate';
  readonly cause: string;
  readonly fix: string;
}

const TRUST_FIX =
  'Name the CA that issued it: --ca FILE, or NODE_EXTRA_CA_CERTS=FILE for every program on Node.js; `tokenwright cert show` says where the development CA lies.';

const CERTIFICATE_FAULTS: Readonly<Record<string, readonly [string, string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['The certificate is its own issuer, which nobody trusts.', TRUST_FIX],
  SELF_SIGNED_CERT_IN_CHAIN: ['The certificate is from a CA that is not trusted here.', TRUST_FIX],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['The certificate is from a CA that is not trusted here.', TRUST_FIX],
  UNABLE_TO_GET_ISSUER_CERT: ['The certificate is from a CA that is not trusted here.', TRUST_FIX],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['The certificate is from a CA that is not trusted here.', TRUST_FIX],
  CERT_SIGNATURE_FAILURE: ['The certificate is not from the CA that it names.', TRUST_FIX],
  CERT_UNTRUSTED: ['The certificate is from a CA that is not trusted here.', TRUST_FIX],
  CERT_HAS_EXPIRED: [
    'The certificate has ended.',
    'The service has to renew it; see also the clock of this machine.',
  ],
  CERT_NOT_YET_VALID: ['The certificate is not valid yet.', 'One of the two clocks is wrong.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'The certificate is for another host.',
    'Call the service by a name that stands in its certificate.',
  ],
};

const NETWORK_FAULTS: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['Nothing listens there.', 'Start the service, or check host and port.'],
  ENOTFOUND: ['The host name does not exist.', 'Check the name.'],
  EAI_AGAIN: ['The host name cannot be looked up now.', 'Check the network.'],
  ECONNRESET: [
    'The connection was cut.',
    'See the log of the service; https where it speaks http does that, too.',
  ],
  EPIPE: ['The connection was cut.', 'See the log of the service.'],
  ETIMEDOUT: ['There was no answer in time.', 'Check host and port, and whether the service is stuck.'],
  EHOSTUNREACH: ['The host cannot be reached.', 'Check the network.'],
  ENETUNREACH: ['The network cannot be reached.', 'Check the network.'],
  EPROTO: ['It does not speak TLS there.', 'Use http, or the port that speaks https.'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['It does not speak TLS there.', 'Use http, or the port that speaks https.'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: [
    'It does not speak TLS there.',
    'Use http, or the port that speaks https.',
  ],
};

/** The fault behind an error of a request. */
export function faultOf(error: unknown): NetworkFault {
  const code = codeOf(error);
  const certificate = CERTIFICATE_FAULTS[code];
  if (certificate !== undefined) return { side: 'certificate', cause: certificate[0], fix: certificate[1] };
  const [cause, fix] = NETWORK_FAULTS[code] ?? [
    code.startsWith('HPE_') ? 'What answers there is no HTTP.' : `The request failed (${code}).`,
    'Check host and port.',
  ];
  return { side: 'network', cause, fix };
}

/** Where a host has several addresses, the error holds one for each. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
