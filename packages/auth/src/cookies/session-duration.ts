/** How long sessions last. */

/** A number of seconds, or a number with a unit: `'90s'`, `'30m'`, `'12h'`, `'7d'`. */
export type SessionDuration = number | `${number}${'s' | 'm' | 'h' | 'd'}`;

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** The option in whole seconds. @throws TypeError for what is no duration, or none of at least a minute. */
export function sessionSeconds(option: string, duration: SessionDuration): number {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(typeof duration === 'number' ? `${duration}s` : duration);
  const value = match === null ? Number.NaN : Math.floor(Number(match[1]) * SECONDS[match[2] as 's']);
  if (value >= 60) return value;
  throw new TypeError(
    `the option ${option} of cookie() must be a minute or more: seconds as a number, or '30m', '12h', '7d'`,
  );
}
