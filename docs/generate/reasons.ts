/** Why tokens are refused: the map of `@tokenwright/jwt`, with what a client is told over HTTP, which is really asked. */
import { bearer } from '@tokenwright/auth';
import { REASONS, type ReasonName, type RefusalCode } from '@tokenwright/jwt';
import { createServer } from '@tokenwright/server';
import { refusalError } from '../../packages/jwt/dist/reasons.js';
import { table } from './sections.ts';

/** The claim that goes with a reason, where it decides what a client is told. */
const CLAIMS: Partial<Record<ReasonName, string>> = { not_yet_valid: 'nbf', audience_mismatch: 'aud' };

/** A heading for every code, a table with its reasons. */
export async function reasons(): Promise<string> {
  const byCode = new Map<RefusalCode, ReasonName[]>();
  for (const name of Object.keys(REASONS) as ReasonName[])
    byCode.set(REASONS[name].code, [...(byCode.get(REASONS[name].code) ?? []), name]);
  const told = await toldToClients();
  return [...byCode]
    .map(([code, names]) => {
      const rows = names.map((name) => [
        `\`${name}\``,
        REASONS[name].cause,
        REASONS[name].fix,
        told.get(name) ?? '',
      ]);
      const { name } = refusalError({ reason: names[0] as ReasonName }).constructor;
      return `### ${code}\n\nThe code of \`${name}\`.\n\n${table(['reason', 'cause', 'fix', 'what the client is told'], rows)}`;
    })
    .join('\n\n');
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
