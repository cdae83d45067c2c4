/** What keeps a server from starting: the codes of two error classes of `@tokenwright/server`. */
import type { CertificateErrorCode, ListenErrorCode } from '@tokenwright/server';
import { entry } from './markdown.ts';

interface Words {
  readonly cause: string;
  readonly fix: string;
}

/** A new code does not compile without its words. */
const WORDS: Readonly<Record<ListenErrorCode | CertificateErrorCode, Words>> = {
  ERR_LISTEN_ADDRESS_IN_USE: {
    cause:
      'Something listens there already; on macOS it is often the AirPlay Receiver, on port 5000. Of a Unix socket: or a process that was killed has left its file.',
    fix: 'Stop it, or take another port. The message says whether the file of a socket can be deleted.',
  },
  ERR_LISTEN_PERMISSION: {
    cause: 'A port below 1024 without the privilege for it, or a socket in a folder of somebody else.',
    fix: 'Take a higher port, or a folder that this user may write to.',
  },
  ERR_LISTEN_ADDRESS_NOT_AVAILABLE: {
    cause: '`host` is no address of this machine, or the folder of the socket does not exist.',
    fix: 'Leave `host` out for loopback; make the folder.',
  },
  ERR_LISTEN_FAILED: {
    cause: 'Anything else.',
    fix: "The message has Node.js's own, and `cause` its error.",
  },
  ERR_CERTIFICATE_UNREADABLE: {
    cause: 'A key or certificate file cannot be read.',
    fix: 'The message names the file: see that it exists and that this user may read it.',
  },
  ERR_CERTIFICATE_INVALID: {
    cause: 'What is in it is no key or certificate, they do not belong together, or it is not valid now.',
    fix: 'The message says which. One that has ended must be replaced.',
  },
  ERR_CERTIFICATE_FOLDER: {
    cause: 'The folder for the development certificate cannot be used.',
    fix: '`tls: { selfSigned: { directory } }` names another one.',
  },
};

/** An entry for every code. */
export function startCodes(): string {
  return Object.entries(WORDS)
    .map(([code, { cause, fix }]) => entry(`\`${code}\``, cause, fix))
    .join('\n');
}
