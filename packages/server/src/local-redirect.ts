/** Where to go after a login: a path of this server, whatever a link said (CWE-601). */

/** A host nobody has (RFC 2606 §2): what resolves away from it leaves this server. */
const HERE = 'http://here.invalid';
/** Browsers drop tab, CR and LF from addresses and read `\` as `/` (URL standard §4.4). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are looked for
const TREACHEROUS = /[\u0000-\u001f\u007f-\u009f\\]/;

/**
 * The path a user may be sent to: `target` where it is one of this server, else `fallback`. Refused are other hosts in
 * every spelling (`//evil`, `/\evil`, `https:evil`, `/%2fevil`, `/%09/evil`), schemes such as `javascript:`, and control
 * characters, also those that appear once it is decoded.
 *
 * @param target - what came with the request, for example `ctx.query.returnUrl`
 * @param fallback - a path of this server; default `/`
 * @throws TypeError when the fallback itself is no local path
 * @example
 * ```ts
 * ctx.redirect(localPath(ctx.query['returnUrl'], '/account'));
 * ```
 */
export function localPath(target: unknown, fallback = '/'): string {
  if (!isLocalPath(fallback)) throw new TypeError('localPath(target, fallback): fallback is no local path.');
  return isLocalPath(target) ? target : fallback;
}

function isLocalPath(target: unknown): target is string {
  if (typeof target !== 'string' || !target.startsWith('/')) return false;
  const spellings = [target, decoded(target), decoded(decoded(target))];
  return spellings.every(
    (path) =>
      path.startsWith('/') &&
      !path.startsWith('//') &&
      !TREACHEROUS.test(path.split(/[?#]/, 1)[0] ?? '') &&
      !TREACHEROUS.test(target) &&
      staysHere(path),
  );
}

/** Also once dots are resolved: `/.//evil` is `//evil` then. */
function staysHere(path: string): boolean {
  if (!URL.canParse(path, HERE)) return false;
  const { origin, pathname } = new URL(path, HERE);
  return origin === HERE && !pathname.startsWith('//');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
