/** The codes with which the host refuses requests itself, by status, from the table of `@tokenwright/server`. */
import { STATUS_CODES } from 'node:http';
import { refusalCode } from '../../packages/server/dist/requests/refusals.js';
import { table } from './markdown.ts';

/** A row for every status that has a code of its own. */
export function hostCodes(): string {
  const statuses = Object.keys(STATUS_CODES)
    .map(Number)
    .filter((status) => status >= 400);
  const general = { 400: refusalCode(499), 500: refusalCode(599) };
  const rows = statuses
    .filter(
      (status) => status === 400 || status === 500 || !Object.values(general).includes(refusalCode(status)),
    )
    .map((status) => [String(status), `\`${refusalCode(status)}\``, STATUS_CODES[status] ?? '']);
  return table(['status', '`code`', 'name (RFC 9110)'], rows);
}
