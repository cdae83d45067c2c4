/** The errors of `@tokenwright/auth/sessions`, with the words that they have themselves. */
import { type RefreshRefusal, RefreshRefused, SessionsUnavailable } from '@tokenwright/auth/sessions';
import { entry } from './markdown.ts';

/** Every reason: a new one does not compile without its line. */
const REASONS: Readonly<Record<RefreshRefusal, true>> = {
  malformed: true,
  unknown: true,
  reused: true,
  ended: true,
  expired: true,
  other_client: true,
  wider_scope: true,
};

/** A heading for each code. */
export function sessionCodes(): string {
  const refused = (Object.keys(REASONS) as RefreshRefusal[]).map((reason) => {
    const { hint, fix, error } = new RefreshRefused(reason);
    return entry(`\`${reason}\``, `${hint} A client is told \`${error}\`.`, fix);
  });
  const { code: away, status, fix } = new SessionsUnavailable('The store did not answer.');
  return [
    '### ERR_REFRESH_REFUSED',
    'The code of `RefreshRefused`; 400. Its `reason` is for the log:',
    refused.join('\n'),
    `### ${away}`,
    `The code of \`SessionsUnavailable\`; ${status}, with \`Retry-After\`. The store did not answer, so whether a token is good is not known, and nobody is let in. ${fix}`,
    '### ERR_SESSION_STORE_UNUSABLE',
    'The code of `StoreUnusable`, thrown when a store is opened, and waiting does not help: the file is none of this store, of another version, corrupt, read-only or not on a local disk, or this Node.js has no `node:sqlite`. Its `hint` says which, its `fix` what to do.',
  ].join('\n\n');
}
