/** Other circumstances to explain a token under: the rules they make, and the checks they add. */
import { isDeepStrictEqual } from 'node:util';
import type { Check } from './checks/check.js';
import { CHECKS } from './checks/list.js';
import { type Claims, jsonCopy } from './claims.js';
import { type Duration, inWords, seconds } from './duration.js';
import { decryptionKeys } from './encryption/import.js';
import type { EncryptionKeySource } from './encryption/sources.js';
import { InvalidOption } from './errors.js';
import { shown } from './finding.js';
import { isObject } from './json.js';
import { importKey } from './keys/import.js';
import { LocalKeys } from './keys/local-keys.js';
import type { KeySource } from './keys/sources.js';
import { checkOptionNames } from './option-names.js';
import { beginningOf, type RenewalOptions, sessionFault, sessionLength } from './renewal.js';
import type { Rules } from './rules.js';

/** Other circumstances to decide under, and more to ask: "what if it were an hour later, and I renewed it?" */
export interface WhatIf {
  /** Another time: a Date, or seconds since 1970. */
  at?: Date | number;
  clockTolerance?: Duration;
  /** Another accepted issuer. Not where several are configured, for each has keys of its own. */
  issuer?: string;
  audience?: string;
  key?: KeySource;
  decryptWith?: EncryptionKeySource;
  /** The token is to be renewed: whether its session still lasts is one more check, as `renew()` makes it. */
  renewal?: Pick<RenewalOptions, 'maxSession'>;
  /** Claims that the token should hold by now; undefined for one it should not. They are one more check. */
  expects?: Readonly<Record<string, unknown>>;
  /**
   * Asks `isRevoked`, too. Default false, because asking may be using: a hook that lets each token pass once would take
   * the explanation for that use. Without it revocation is skipped, and a report that accepts says nothing about it.
   */
  askRevocation?: boolean;
}

const WHAT_IF: Readonly<Record<keyof WhatIf, true>> = {
  at: true,
  clockTolerance: true,
  issuer: true,
  audience: true,
  key: true,
  decryptWith: true,
  renewal: true,
  expects: true,
  askRevocation: true,
};

/** @throws InvalidOption for circumstances that there are not. */
export function checkWhatIf(whatIf: WhatIf): void {
  checkOptionNames(whatIf, WHAT_IF, 'explain()');
  const { renewal, expects, askRevocation } = whatIf;
  if (renewal !== undefined) checkOptionNames(renewal, { maxSession: true }, 'renewal');
  if (expects !== undefined && !isObject(expects)) {
    throw new InvalidOption('expects', 'is no object with claims', 'Give one: { tier: 3 }.');
  }
  if (askRevocation !== undefined && typeof askRevocation !== 'boolean') {
    throw new InvalidOption('askRevocation', 'is neither true nor false', 'Give one of them.');
  }
}

/** The rules of a validator under other circumstances. @throws InvalidOption, InvalidKey for what is no circumstance. */
export function rulesUnder(rules: Rules, whatIf: WhatIf): Rules {
  const { clockTolerance, issuer, audience, key, decryptWith } = whatIf;
  const { issuers } = rules;
  if (issuer !== undefined && issuers !== undefined) {
    throw new InvalidOption(
      'issuer',
      'cannot stand for several, each with its own keys',
      'Explain with a validator of the issuer that is meant.',
    );
  }
  return {
    ...rules,
    keys: key === undefined ? rules.keys : new LocalKeys([importKey(key).verifyingSide()]),
    decryptWith: decryptWith === undefined ? rules.decryptWith : decryptionKeys(decryptWith, 'decryptWith'),
    issuers: issuers && new Map([...issuers].map(([name, one]) => [name, rulesUnder(one, whatIf)])),
    issuer: issuer === undefined ? rules.issuer : onlyOne(issuer, 'issuer'),
    audience: audience === undefined ? rules.audience : onlyOne(audience, 'audience'),
    clockTolerance:
      clockTolerance === undefined ? rules.clockTolerance : seconds(clockTolerance, 'clockTolerance'),
  };
}

function onlyOne(name: unknown, option: 'issuer' | 'audience'): readonly string[] {
  if (typeof name === 'string' && name !== '') return [name];
  throw new InvalidOption(option, 'is not a non-empty string', 'Give it as text.');
}

/** The checks of a validator, and after them what else is asked. */
export function checksUnder({ renewal, expects }: WhatIf): readonly Check[] {
  return [
    ...CHECKS,
    ...(renewal === undefined ? [] : [session(renewal)]),
    ...(expects === undefined ? [] : [expectedClaims(expects)]),
  ];
}

function session({ maxSession }: Pick<RenewalOptions, 'maxSession'>): Check {
  const longest = sessionLength(maxSession);
  return {
    name: 'session',
    needs: 'claims',
    asks: () => `begun less than ${inWords(longest)} ago`,
    sees: ({ claims, now }) => {
      const began = beginningOf(claims ?? {}, now);
      return began === undefined ? 'none' : `begun ${inWords(now - began)} ago`;
    },
    fault: ({ claims, now }) => sessionFault(claims ?? {}, now, longest),
  };
}

function expectedClaims(expects: Readonly<Record<string, unknown>>): Check {
  const expected = Object.entries(expects).map(
    ([name, value]) => [name, value === undefined ? undefined : jsonCopy(value, `expects ${name}`)] as const,
  );
  const listed = (entries: readonly (readonly [string, unknown])[]): string =>
    entries.map(([name, value]) => `${name} ${orNone(value)}`).join(', ');
  return {
    name: 'expected claims',
    needs: 'claims',
    asks: () => listed(expected),
    sees: ({ claims }) => listed(expected.map(([name]) => [name, own(claims, name)])),
    fault({ claims }) {
      for (const [name, value] of expected) {
        const actual = own(claims, name);
        if (isDeepStrictEqual(actual, value)) continue;
        return { reason: 'claim_not_updated', claim: name, expected: orNone(value), actual: orNone(actual) };
      }
      return undefined;
    },
  };
}

function own(claims: Claims | undefined, name: string): unknown {
  return claims !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined;
}

function orNone(value: unknown): string {
  return value === undefined ? 'none' : shown(value);
}
