/** Everything a builder gathers and `enable()` locks: plain frozen values, already checked. */
import type { Scheme } from '@tokenwright/auth';
import type { Logger } from 'pino';
import type { KeySetSource } from './key-set.js';
import type { Listener } from './listeners/listener.js';
import type { MetricsPlace } from './observability/metrics-endpoint.js';
import type { Limits } from './runtime.js';
import type { Security } from './security.js';

/** The configuration of a server. */
export interface Configuration {
  readonly name: string;
  readonly log: Logger;
  /** The logger of `.audit()`; without it audit events go to `log`. */
  readonly audit: Logger | undefined;
  readonly listeners: readonly Listener[];
  readonly limits: Limits;
  readonly security: Security;
  readonly metrics: MetricsPlace | undefined;
  readonly schemes: ReadonlyMap<string, Scheme<object>>;
  readonly keySet: KeySetSource | undefined;
}
