/** Compact JWS on bytes (RFC 7515 §7.1): signed and verified below the level of claims. */
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithmName, signatureAlgorithm } from './algorithms.js';
import { beginExamination, type CheckName } from './checks/check.js';
import { CHECKS, firstFault } from './checks/list.js';
import { bytesOf, MAX_COMPACT_LENGTH } from './compact.js';
import { InvalidOption } from './errors.js';
import { addedHeader } from './header-parameters.js';
import { importKey } from './keys/import.js';
import { KeySet } from './keys/key-set.js';
import type { KeySource } from './keys/sources.js';
import { checkOptionNames } from './option-names.js';
import { refusalError } from './refusal.js';
import { rulesOfOne } from './rules.js';
import type { ProtectedHeader } from './token.js';
import type { ValidatorOptions } from './validator-options.js';

/** Options of {@link signCompact}. */
export interface SignCompactOptions {
  /** The algorithm; where absent the key's own, else the default of its type. */
  alg?: SignatureAlgorithmName;
  /** Header parameters beside `alg` and `kid`, for example `{ typ: 'JOSE' }`. */
  header?: Readonly<Record<string, unknown>>;
}

const SIGN_COMPACT: Readonly<Record<keyof SignCompactOptions, true>> = { alg: true, header: true };

/** Options of {@link verifyCompact}. */
export interface VerifyCompactOptions {
  /**
   * The algorithms that are accepted. A key still has only one (RFC 8725 §3.1): its own, or the one named here when it is
   * the only one. Default: those of the keys.
   */
  algorithms?: readonly SignatureAlgorithmName[];
  /** The longest accepted JWS, in characters. Default 1,000,000. */
  maxLength?: number;
}

const VERIFY_COMPACT: Readonly<Record<keyof VerifyCompactOptions, true>> = {
  algorithms: true,
  maxLength: true,
};

/** A JWS whose signature was good. */
export interface VerifiedJws {
  readonly protectedHeader: ProtectedHeader;
  readonly payload: Uint8Array;
}

/**
 * Signs bytes, or text as UTF-8. The payload may be empty. The header has `alg`, the key's `kid` where it has one, and
 * what `header` adds.
 *
 * @param source is imported at every call; import it once (`importKey`) where that matters.
 * @throws InvalidKey, InvalidOption for a key that cannot sign, a header parameter that is reserved, or an option that there
 * is not.
 * @example
 * ```ts
 * const jws = await signCompact('hello', { hex: secret }, { alg: 'HS256' });
 * ```
 */
export async function signCompact(
  payload: Uint8Array | string,
  source: KeySource,
  options: SignCompactOptions = {},
): Promise<string> {
  checkOptionNames(options, SIGN_COMPACT, 'signCompact()');
  const key = importKey(source, options.alg);
  if (!key.canSign) throw new InvalidOption('key', 'is public and cannot sign', 'Give the private key.');
  const header = {
    alg: key.algorithm,
    ...(key.kid === undefined ? {} : { kid: key.kid }),
    ...addedHeader(options.header),
  };
  const input = `${encode(JSON.stringify(header))}.${encode(bytesOf(payload, 'payload'))}`;
  return `${input}.${key.sign(input)}`;
}

/**
 * Verifies the signature of a compact JWS and answers its bytes. Nothing is asked of the payload: for tokens use
 * `JwtValidator`. Unencoded payloads (RFC 7797) are refused.
 *
 * @param keys sources, which are imported at every call (import them once with `importKey` where that matters), or a set of
 * keys: a `KeyRing`, a remote JWK Set.
 *
 * @throws one of jose's errors, with `hint` and `fix`, for a JWS that is refused; InvalidKey, InvalidOption for keys or
 * options that are wrong.
 * @example
 * ```ts
 * const { payload } = await verifyCompact(jws, { hex: secret }, { algorithms: ['HS256'] });
 * ```
 */
export async function verifyCompact(
  jws: string,
  keys: KeySource | readonly KeySource[] | KeySet,
  options: VerifyCompactOptions = {},
): Promise<VerifiedJws> {
  checkOptionNames(options, VERIFY_COMPACT, 'verifyCompact()');
  const rules = rulesOfOne({
    keys: boundKeys(keys, options.algorithms) as ValidatorOptions['keys'],
    issuer: null,
    audience: null,
    maxTokenLength: options.maxLength ?? MAX_COMPACT_LENGTH,
    // No time is checked; a key ring may have any tolerance.
    clockTolerance: 0,
  });
  const examination = beginExamination(jws, 0);
  const fault = await firstFault(SIGNATURE_CHECKS, examination, rules);
  if (fault !== undefined) throw refusalError(fault);
  const { parsed, key } = examination;
  // Unreachable unless the list of checks loses one; then nothing may pass.
  if (parsed === undefined || key === undefined) throw new Error('a check is missing');
  return {
    protectedHeader: parsed.header,
    payload: new Uint8Array(Buffer.from(parsed.payload, 'base64url')),
  };
}

const SIGNATURE_CHECK_NAMES: ReadonlySet<CheckName> = new Set<CheckName>([
  'structure',
  'algorithm',
  'critical headers',
  'key',
  'signature',
]);

/** The part of the one list that concerns bytes and not claims. */
const SIGNATURE_CHECKS = CHECKS.filter((check) => SIGNATURE_CHECK_NAMES.has(check.name));

/** The keys, each with its one algorithm out of the accepted ones. */
function boundKeys(
  keys: KeySource | readonly KeySource[] | KeySet,
  algorithms: readonly SignatureAlgorithmName[] | undefined,
): KeySource | readonly KeySource[] | KeySet {
  if (algorithms === undefined) return keys;
  if (keys instanceof KeySet) {
    throw new InvalidOption('algorithms', 'stands beside a set of keys', 'The keys of a set have theirs.');
  }
  const sources = (Array.isArray(keys) ? keys : [keys]) as readonly KeySource[];
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw new InvalidOption(
      'algorithms',
      'is no list with an algorithm in it',
      'Name at least one, or leave it out.',
    );
  }
  const accepted = new Set(algorithms.map((name) => signatureAlgorithm(name)?.name));
  if (accepted.has(undefined)) {
    throw new InvalidOption(
      'algorithms',
      'names one there is not',
      `There are ${SIGNATURE_ALGORITHMS.join(', ')}.`,
    );
  }
  const only = accepted.size === 1 ? algorithms[0] : undefined;
  const bound = sources.map((source) => importKey(source, only));
  if (accepted.size > bound.length || bound.some((key) => !accepted.has(key.algorithm))) {
    throw new InvalidOption(
      'algorithms',
      'does not go with the keys: each key has one algorithm',
      'Name the algorithm of each key in its source: { …, alg }.',
    );
  }
  return bound;
}

function encode(part: Uint8Array | string): string {
  return Buffer.from(part).toString('base64url');
}
