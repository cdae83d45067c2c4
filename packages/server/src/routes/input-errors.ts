/** What a client learns of input that was refused: where and why, bounded, and never a value it sent (RFC 9457 §3.2). */
import { writeProblem } from '@tokenwright/auth';
import type { Context } from 'koa';
import type { StandardIssue } from './standard-schema.js';

/** One thing that is wrong, in the form of the example of RFC 9457 §3. */
export interface InputError {
  /** The part of the request, as OpenAPI names it. */
  readonly in: 'path' | 'query' | 'header' | 'body';
  /** JSON Pointer in that part, as a URI fragment (RFC 6901 §6): `#/address/zip`; `#` is the whole. */
  readonly pointer: string;
  /** The message of the schema, with the values of the request taken out. */
  readonly detail: string;
}

/** At most so many errors are listed. */
const MOST_ERRORS = 20;
/** Longer texts are cut. */
const LONGEST_TEXT = 200;
/** Longer messages, and values with more parts, are not searched for each other: the client learns no message then. */
const SEARCHED = { message: 1_000, values: 1_000 };
/** Said instead of a message that could not be searched. */
const NOT_ACCEPTED = 'The value is not accepted.';

/** Answers 400 `invalid_input`. */
export function refuseInput(ctx: Context, errors: readonly InputError[]): void {
  const more =
    errors.length > MOST_ERRORS ? ` The first ${MOST_ERRORS} of ${errors.length} errors are listed.` : '';
  writeProblem(ctx, {
    status: 400,
    code: 'invalid_input',
    detail: `The request does not have the form that this route takes.${more}`,
    extensions: { errors: errors.slice(0, MOST_ERRORS) },
  });
}

/** The errors of one part. Those that will not be listed are counted only. */
export function inputErrors(
  location: InputError['in'],
  issues: readonly StandardIssue[],
  value: unknown,
): readonly InputError[] {
  const sent = textsOf(value);
  return issues.map((issue, index) => ({
    in: location,
    pointer: index < MOST_ERRORS ? pointer(issue.path ?? []) : '#',
    detail: index < MOST_ERRORS ? withoutValues(String(issue.message), sent) : NOT_ACCEPTED,
  }));
}

/** Names are shown as they were sent: a client that is told where cannot be told it without them. */
function pointer(path: NonNullable<StandardIssue['path']>): string {
  let text = '#';
  for (const segment of path) {
    const key = typeof segment === 'object' ? segment.key : segment;
    const token = String(key)
      .slice(0, LONGEST_TEXT)
      .replaceAll(/\p{Surrogate}/gu, '\uFFFD');
    text += `/${encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
    if (text.length > LONGEST_TEXT) return `${text.slice(0, LONGEST_TEXT)}…`;
  }
  return text;
}

/**
 * Takes every value of the request out of a message: valibot and many messages of one's own quote what they refuse, and
 * an answer ends in more logs than a request body does. Short values only as words of their own, or `a` would cut up
 * every sentence.
 */
function withoutValues(message: string, sent: ReadonlySet<string> | undefined): string {
  if (sent === undefined || message.length > SEARCHED.message) return NOT_ACCEPTED;
  let text = message;
  for (const value of sent) {
    // Looked for in what is left: the more is taken out, the less there is to search.
    const found = text.includes(value) || text.toLowerCase().includes(value);
    if (found) text = text.replaceAll(finder(value), '…');
  }
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function finder(value: string): RegExp {
  const literal = value.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const word = value.length < 4 ? ['(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])'] : ['', ''];
  return new RegExp(word[0] + literal + word[1], 'giu');
}

/** Every text and number in a value, also in lower case and as JSON escapes it, longest first; undefined when there are too many. */
function textsOf(value: unknown): ReadonlySet<string> | undefined {
  const texts = new Set<string>();
  const pending: unknown[] = [value];
  for (let seen = 0; pending.length > 0; seen++) {
    if (seen > SEARCHED.values) return undefined;
    const next = pending.pop();
    if (typeof next === 'object' && next !== null) {
      const inner = Object.values(next);
      if (inner.length > SEARCHED.values) return undefined;
      pending.push(...inner);
    } else if (typeof next === 'string' || typeof next === 'number') {
      const text = String(next).trim();
      // One that is longer than any message that is searched cannot be in it as a whole.
      if (text === '' || text.length > SEARCHED.message) continue;
      for (const form of [text, text.toLowerCase(), JSON.stringify(text).slice(1, -1)]) texts.add(form);
    }
  }
  return new Set([...texts].toSorted((a, b) => b.length - a.length));
}
