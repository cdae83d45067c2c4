/** Every refusal of the host itself: one table of stable codes, one function that writes (RFC 9457). */
import { writeProblem } from '@tokenwright/auth';
import type { Context } from 'koa';

/** The `code` of a problem document, by HTTP status. */
const REFUSAL_CODES = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'request_timeout',
  409: 'conflict',
  410: 'gone',
  411: 'length_required',
  412: 'precondition_failed',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  417: 'expectation_failed',
  421: 'misdirected_request',
  422: 'unprocessable_content',
  428: 'precondition_required',
  429: 'too_many_requests',
  431: 'header_fields_too_large',
  500: 'internal_error',
  501: 'not_implemented',
  502: 'bad_gateway',
  503: 'service_unavailable',
  504: 'gateway_timeout',
} as const;

/** The stable codes of the host's refusals. */
export type RefusalCode = (typeof REFUSAL_CODES)[keyof typeof REFUSAL_CODES];

/** The code for a status, also for one that has none of its own. */
export function refusalCode(status: number): RefusalCode {
  return (
    REFUSAL_CODES[status as keyof typeof REFUSAL_CODES] ?? (status < 500 ? 'bad_request' : 'internal_error')
  );
}

/** Answers with the problem of a status. `detail` is one sentence for the client: nothing internal, nothing it sent. */
export function refuse(
  ctx: Context,
  status: number,
  {
    detail,
    headers,
  }: {
    detail?: string | undefined;
    headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  } = {},
): void {
  writeProblem(ctx, { status, code: refusalCode(status), detail, headers });
}
