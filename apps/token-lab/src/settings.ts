/** What the server says of itself: `GET /lab/settings`. */

/** The settings of the lab, as `tokenLab()` of @tokenwright/server sends them. */
export interface Settings {
  /** The name of the server. */
  readonly name: string;
  /** `renew` is false where the service renews no token. */
  readonly paths: { readonly issue: string; readonly renew: string | false; readonly use: string };
  /** What the sign-in form starts with. */
  readonly prefill: { readonly user?: string; readonly password?: string };
  /** Seconds. */
  readonly clockTolerance: number;
}

/** @throws TypeError when the server does not answer. */
export async function loadSettings(): Promise<Settings> {
  const response = await fetch('/lab/settings', { credentials: 'omit' });
  if (!response.ok) throw new TypeError(`GET /lab/settings answered ${response.status}`);
  return (await response.json()) as Settings;
}
