/** What is known here of the service's key, issuer and audience, held against a token. Any of them may be all there is. */
import { randomBytes } from 'node:crypto';
import {
  type CheckName,
  type ExplainedCheck,
  type Explanation,
  explain,
  type JwtValidator,
} from '@tokenwright/jwt';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type ValidationOptions, validationFor, validationWith } from '../input/validation.js';
import { warn } from '../output/terminal.js';

/** What a token can be held against. */
export interface Knowledge {
  readonly validator: JwtValidator;
  /** Without the key nothing that depends on it is known: the rest is still compared. */
  readonly hasKey: boolean;
}

/** A report on a token, which is complete only with the key. */
export interface KnownReport extends Explanation {
  readonly hasKey: boolean;
}

/**
 * What the options say; undefined when they say nothing.
 *
 * Keys that cannot be fetched are told and done without: it is the service that is asked about.
 *
 * @throws Failure for a file that cannot be read, or a key that cannot be used.
 */
export async function knowledgeFrom(
  options: ValidationOptions,
  token: string | undefined,
  now: number,
): Promise<Knowledge | undefined> {
  const { key, issuer, audience } = options;
  if (key === undefined && issuer === undefined && audience === undefined) return undefined;
  const waived = withWaivers(options);
  const publishes = key ?? (issuer?.length === 1 ? issuer[0] : undefined);
  const isFetched = /^https?:/i.test(publishes ?? '');
  if (key === undefined && !isFetched) return withoutKey(waived, token, now);
  try {
    const { validator } = await validationFor(waived, token, now);
    return { validator, hasKey: true };
  } catch (error) {
    if (!isFetched || !(error instanceof Failure) || error.exitCode !== EXIT.unreachable) throw error;
    warn(`${error.message} The signature is not checked here.`);
    return withoutKey(waived, token, now);
  }
}

/** What the token is, compared with what is known. */
export async function reportOn(token: string, { validator, hasKey }: Knowledge): Promise<KnownReport> {
  const report = await explain(token, validator);
  if (hasKey) return { ...report, hasKey };
  const checks = report.checks.map((check) => (OF_THE_KEY.has(check.check) ? unknown(check) : check));
  const decisive = checks.find(({ outcome }) => outcome === 'fail');
  return { accepted: decisive === undefined, decisive, checks, hasKey };
}

/** What a key decides. */
const OF_THE_KEY: ReadonlySet<CheckName> = new Set<CheckName>(['algorithm', 'key', 'signature']);

function unknown({ check, dependsOnSignature }: ExplainedCheck): ExplainedCheck {
  return {
    ...{ check, dependsOnSignature },
    outcome: 'skipped',
    trusted: false,
    cause: 'The key is not known here: give it with --key.',
  };
}

/** A key that nobody has stands where the real one would: what depends on it is left out of the report. */
async function withoutKey(
  options: ValidationOptions,
  token: string | undefined,
  now: number,
): Promise<Knowledge> {
  const nobodys = { base64url: randomBytes(32).toString('base64url') };
  const { validator } = await validationWith(async () => nobodys, options, token, now);
  return { validator, hasKey: false };
}

/** With a service to ask, what one does not know need not be waived by name. */
function withWaivers(options: ValidationOptions): ValidationOptions {
  return {
    ...options,
    ...(options.issuer === undefined ? { anyIssuer: true as const } : {}),
    ...(options.audience === undefined ? { anyAudience: true as const } : {}),
  };
}
