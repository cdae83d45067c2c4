/** An `Authorization` field that none of a route's schemes takes: the client is asked for credentials, the log is told why. */
import { credentials } from './credentials.js';
import type { Failure, Scheme } from './scheme.js';

/** Registered names (https://www.iana.org/assignments/http-authschemes). What else a field begins with may be a secret. */
const REGISTERED = [
  'Basic',
  'Bearer',
  'Concealed',
  'Digest',
  'DPoP',
  'GNAP',
  'HOBA',
  'Mutual',
  'Negotiate',
  'OAuth',
  'PrivateToken',
  'SCRAM-SHA-1',
  'SCRAM-SHA-256',
  'vapid',
] as const;

/** How the credentials of a scheme are sent. */
const FORMS: Readonly<Record<string, string>> = {
  Bearer: '`Authorization: Bearer <token>`',
  Basic: '`Authorization: Basic <base64 of name:password>`',
  ApiKey: 'an API key in a header of its own',
  Cookie: 'the session’s cookie',
  ClientCertificate: 'a client certificate',
};

/** Why nobody took the field, for the log; undefined where there is none, or one of the schemes is named in it. */
export function unclaimedAuthorization(
  field: string | undefined,
  schemes: readonly Scheme<object>[],
): Pick<Failure, 'code' | 'hint' | 'fix'> | undefined {
  if (field === undefined) return undefined;
  const kinds = schemes.map(({ kind }) => kind);
  if (kinds.some((kind) => credentials(field, kind) !== undefined)) return undefined;
  return {
    code: 'other_scheme',
    hint: `The Authorization header is for none of the schemes that are taken here (${kinds.join(', ')}): ${beginningOf(field)}.`,
    fix: `Send ${kinds.map(formOf).join(', or ')}. A token alone names no scheme.`,
  };
}

function beginningOf(field: string): string {
  const named = REGISTERED.find((scheme) => credentials(field, scheme) !== undefined);
  return named === undefined ? 'it does not begin with the name of a registered one' : `it names ${named}`;
}

function formOf(kind: string): string {
  return (Object.hasOwn(FORMS, kind) ? FORMS[kind] : undefined) ?? `\`Authorization: ${kind} …\``;
}
