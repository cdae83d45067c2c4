/** Finds credentials within a text by their form: tokens, credentials of a header field, parameters of a URL, private keys. */
import { isCredentialName } from './credential-names.js';

/** What stands in the place of a credential. */
const REDACTED = '[Redacted]';
/** A text without any of these characters or words is left alone: most are. */
const SUSPICIOUS = /[?&=]|eyJ|:\/\/|bearer |basic |dpop |PRIVATE KEY/i;
/** What may have a compact JWS or JWE in it (RFC 7515 §7.1, RFC 7516 §7.1), which goes to its end. */
const RUN = /[\w.-]{11,}/g;
/** The header of one is JSON, which begins with `{"`. Nine characters tell: a search to its end would begin again at each `eyJ`. */
const HEADER = /\beyJ[\w-]{6}/;
/** `Bearer`, `Basic` or `DPoP` with its token68 (RFC 9110 §11.4), longer than an English word. */
const FIELD = /\b(bearer|basic|dpop) +[\w.~+/-]{16,}=*/gi;
/** The password of a URL (RFC 3986 §3.2.1). */
const USER_INFORMATION = /(:\/\/[^/?#\s:@]*):[^/?#\s@]+@/g;
/** A parameter of a query, a fragment or a form. */
const PARAMETER = /(^|[?&#;\s])([\w.~%-]{1,64})=([^&#;\s]+)/g;
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|$)/g;

/** The text without what looks like a credential. */
export function redactedText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return withoutTokens(text.replaceAll(PRIVATE_KEY, REDACTED))
    .replaceAll(FIELD, `$1 ${REDACTED}`)
    .replaceAll(USER_INFORMATION, `$1:${REDACTED}@`)
    .replaceAll(PARAMETER, (whole: string, before: string, name: string) =>
      isCredentialName(name) ? `${before}${name}=${REDACTED}` : whole,
    );
}

function withoutTokens(text: string): string {
  return HEADER.test(text) ? text.replaceAll(RUN, withoutToken) : text;
}

/** Two dots have to follow; what is between them may be empty, as of a detached payload (RFC 7515 Appendix F). */
function withoutToken(run: string): string {
  const start = run.search(HEADER);
  if (start === -1 || run.slice(start).split('.', 3).length < 3) return run;
  return run.slice(0, start) + REDACTED;
}
