/** What a decision report comes to: the exit code, the line on standard error, and the JSON. */
import { type EncryptionKey, type Explanation, inspect, type ReasonName } from '@tokenwright/jwt';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { parseExactly } from '../input/exact-json.js';
import { signedIn } from '../input/opened-token.js';
import type { Validation } from '../input/validation.js';
import { inOptions } from './option-names.js';
import { complain } from './terminal.js';

/** The reasons that say: this is no token at all. */
const MALFORMED: ReadonlySet<ReasonName | undefined> = new Set<ReasonName>([
  'token_missing',
  'token_malformed',
  'header_malformed',
  'claims_malformed',
  'jwe_malformed',
]);

/** Says on standard error why a token is not accepted. The answer is the exit code. */
export function tellVerdict(
  token: string,
  { accepted, decisive }: Explanation,
  { withFix = false }: { withFix?: boolean } = {},
): ExitCode {
  if (accepted) return EXIT.good;
  const exitCode = exitCodeOf(token, decisive?.reason);
  const word =
    exitCode === EXIT.malformed ? 'malformed' : exitCode === EXIT.unreachable ? 'not decided' : 'refused';
  const fix = withFix && decisive?.fix !== undefined ? inOptions(decisive.fix) : undefined;
  complain(`${word}: ${inOptions(decisive?.cause ?? '')}`, fix);
  return exitCode;
}

function exitCodeOf(token: string, reason: ReasonName | undefined): ExitCode {
  if (reason === 'keys_unavailable') return EXIT.unreachable;
  // Five parts are an encrypted token only when its header can be read.
  const isNoJwe = reason === 'token_encrypted' && inspect(token).header === undefined;
  return isNoJwe || MALFORMED.has(reason) ? EXIT.malformed : EXIT.refused;
}

/** What `--json` promises. Header and claims are there only when they are verified. */
export async function verdictJson(
  token: string,
  { validator, decryptionKey }: Validation,
  report: Explanation,
): Promise<Record<string, unknown>> {
  const verified = report.accepted ? await validator.verify(token) : undefined;
  return {
    verified: report.accepted,
    header: verified?.header ?? null,
    claims: verified === undefined ? null : await exactClaims(token, decryptionKey),
    expiresAt: verified?.expiresAt ?? null,
    decisive: report.decisive ?? null,
    checks: report.checks,
  };
}

/** The verified claims as they are written. */
async function exactClaims(token: string, decryptionKey: EncryptionKey | undefined): Promise<unknown> {
  const signed = decryptionKey === undefined ? token : await signedIn(token, decryptionKey);
  const [, payload = ''] = signed.split('.');
  return parseExactly(Buffer.from(payload, 'base64url').toString());
}
