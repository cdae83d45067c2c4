/** What a builder was told, and what it takes for granted. */
import type { Clock } from './clock.js';
import type { EncryptionKey } from './encryption/key.js';
import type { ClaimSettings } from './issued-claims.js';
import type { Signing } from './signing.js';
import { MAX_TOKEN_LENGTH } from './validator-options.js';

/** What a builder knows of its tokens. */
export interface Settings extends ClaimSettings {
  readonly typ: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly clock: Clock;
  readonly maxTokenLength: number;
  readonly signing: Signing | undefined;
  readonly encryption: EncryptionKey | undefined;
}

/** Seconds. */
export const DEFAULT_LIFETIME = 3600;

/** Of a builder that nothing was said to yet. */
export const DEFAULTS: Settings = Object.freeze({
  issuer: undefined,
  audience: undefined,
  subject: undefined,
  own: Object.freeze({}),
  typ: 'JWT',
  header: Object.freeze({}),
  jwtId: undefined,
  notBefore: undefined,
  end: Object.freeze({ after: DEFAULT_LIFETIME }),
  clock: Date.now,
  maxTokenLength: MAX_TOKEN_LENGTH,
  maxLifetime: undefined,
  signing: undefined,
  encryption: undefined,
});
