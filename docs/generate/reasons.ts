/** Why tokens are refused: the map of `@tokenwright/jwt`, with what a client is told over HTTP, which is really asked. */
import { bearer } from '@tokenwright/auth';
import { REASONS, type ReasonName, type RefusalCode } from '@tokenwright/jwt';
import { createServer } from '@tokenwright/server';
import { refusalError } from '../../packages/jwt/dist/refusal.js';
import { entry } from './markdown.ts';

/** The claim that goes with a reason, where it decides what a client is told. */
const CLAIMS: Partial<Record<ReasonName, string>> = { not_yet_valid: 'nbf', audience_mismatch: 'aud' };

/** A heading for every code, a list with its reasons. */
export async function reasons(): Promise<string> {
  const byCode = new Map<RefusalCode, ReasonName[]>();
  for (const name of Object.keys(REASONS) as ReasonName[])
    byCode.set(REASONS[name].code, [...(byCode.get(REASONS[name].code) ?? []), name]);
  const told = await toldToClients();
  return [...byCode].map(([code, names]) => sectionOf(code, names, told)).join('\n\n');
}

/** What most reasons of a code have told to clients is said once; the others say it themselves. */
function sectionOf(
  code: RefusalCode,
  names: readonly ReasonName[],
  told: ReadonlyMap<ReasonName, string>,
): string {
  const [usual = ''] = names.map((name) => told.get(name) ?? '');
  const { name: errorClass } = refusalError({ reason: names[0] as ReasonName }).constructor;
  const entries = names.map((name) => {
    const own = told.get(name) === usual ? '' : ` A client is told "${told.get(name)}".`;
    return entry(`\`${name}\``, `${REASONS[name].cause}${own}`, REASONS[name].fix);
  });
  return `### ${code}\n\nThe code of \`${errorClass}\`. A client is told "${usual}".\n\n${entries.join('\n')}`;
}

/** A server whose verifier refuses each token for the reason that the token names. */
async function toldToClients(): Promise<ReadonlyMap<ReasonName, string>> {
  const verifier = {
    verify(token: string): never {
      const reason = token as ReasonName;
      throw refusalError({ reason, ...(CLAIMS[reason] === undefined ? {} : { claim: CLAIMS[reason] }) });
    },
  };
  const server = createServer('Reasons').scheme('Bearer', bearer(verifier)).enable();
  server.get('/', { auth: 'Bearer' }, (ctx) => {
    ctx.status = 204;
  });
  await using client = await server.test();
  const told = new Map<ReasonName, string>();
  for (const reason of Object.keys(REASONS) as ReasonName[]) {
    const { status, json } = await client.get('/', { bearer: reason });
    const { detail, title } = json as { detail?: string; title: string };
    told.set(reason, `${status}, ${detail ?? title}`);
  }
  return told;
}
