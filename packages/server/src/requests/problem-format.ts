/** Gives a problem document the form a client asks for (RFC 9110 §12.5.1): problem+json, a page, or a line of text. */
import type { Context } from 'koa';

/** What a problem document says, as `writeProblem` of @tokenwright/auth writes it. */
interface Document {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly trace?: string;
}

const PROBLEM = 'application/problem+json';
/** In the order that decides where the client likes several alike. */
const FORMS = [PROBLEM, 'application/json', 'text/html', 'text/plain'];
/** Browsers send less than 200 characters. Reading a long list, of quotes above all, costs more than refusing the request. */
const LONGEST_ACCEPT = 1_024;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Rewrites the body of `ctx` where it is a problem document: as HTML or text where the client likes that better, else with
 * the member `request_id`, the value of `X-Request-Id`. All three name the request, for whoever reports a fault. What a
 * client likes is not read where it takes more than 1,024 characters to say.
 */
export function formatProblem(ctx: Context): void {
  if (ctx.status < 400 || ctx.response.type !== PROBLEM || typeof ctx.body !== 'string') return;
  ctx.vary('Accept');
  const requestId = String(ctx.state['requestId'] ?? '');
  const { accept } = ctx.req.headers;
  const form = accept === undefined || accept.length > LONGEST_ACCEPT ? PROBLEM : ctx.accepts(FORMS);
  if (form !== 'text/html' && form !== 'text/plain') {
    ctx.body = identified(ctx.body, requestId);
    return;
  }
  const document = JSON.parse(ctx.body) as Document;
  ctx.type = form;
  ctx.body = form === 'text/html' ? page(document, requestId) : text(document, requestId);
}

/** The text is that of a JSON object: what it says stays as it was written. */
function identified(problem: string, requestId: string): string {
  if (!problem.endsWith('}') || problem.includes('"request_id":')) return problem;
  return `${problem.slice(0, -1)},"request_id":${JSON.stringify(requestId)}}`;
}

function text({ status, title, code, detail, trace }: Document, requestId: string): string {
  const lines = [`${status} ${title} (${code})`, detail, `Request ${requestId}`, trace && `Trace ${trace}`];
  return `${lines.filter(Boolean).join('\n')}\n`;
}

function page({ status, title, code, detail, trace }: Document, requestId: string): string {
  const heading = escaped(`${status} ${title}`);
  const ids = [`Request ${requestId}`, ...(trace === undefined ? [] : [`Trace ${trace}`])];
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>${heading}</title></head>`,
    '<body>',
    `<h1>${heading}</h1>`,
    `<p>${escaped(detail ?? '')}</p>`,
    `<p><code>${escaped(code)}</code></p>`,
    `<p><small>${ids.map(escaped).join('<br>')}</small></p>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function escaped(value: string): string {
  return value.replace(/[&<>"]/g, (character) => ENTITIES[character] as string);
}
