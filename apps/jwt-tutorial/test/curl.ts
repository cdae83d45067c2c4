/** As much of curl as the printed commands use, for machines without it: `-sS`, `--cacert`, `-u`, `-H` and a URL. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    'show-error': { type: 'boolean', short: 'S' },
    cacert: { type: 'string' },
    user: { type: 'string', short: 'u' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
  },
});
const headers = Object.fromEntries(
  values.header.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }),
);
const options = {
  headers,
  ...(values.user === undefined ? {} : { auth: values.user }),
  ...(values.cacert === undefined ? {} : { ca: readFileSync(values.cacert) }),
};
request(positionals[0] ?? '', options, (response) => response.pipe(process.stdout)).end();
