/** Finds the token in what people paste: a token response, an `Authorization` field, a quoted text, or the token itself. */

/** What was found. */
interface Pasted {
  readonly token: string;
  /** Where it stood, to be told; undefined where the token is all there was. */
  readonly found?: string;
  /** Why nothing of it is read. */
  readonly refused?: string;
}

/** More is not read: a page that works through a megabyte at every key is of no use. */
const LONGEST = 100_000;

/** The members of a token response that may hold a token to read (RFC 6749 §5.1, OpenID Connect §3.1.3.3), best first. */
const MEMBERS = ['access_token', 'id_token', 'token', 'refresh_token'];
const COMPACT = /^[\w-]+\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?$/;
const QUOTES = /^(["'`])([\s\S]*)\1[,;]?$/;
/** RFC 6750 §2.1, with or without the name of the field, alone or in a command that somebody copied. */
const BEARER = /(?:^|["'\s])(?:Authorization\s*:\s*)?Bearer\s+([^\s"'`]+)/i;

/** Reads what was pasted. It verifies nothing and never throws. */
export function readPasted(text: string): Pasted {
  if (text.length > LONGEST) {
    const [length, longest] = [text.length, LONGEST].map((count) => count.toLocaleString('en'));
    return { token: '', refused: `This has ${length} characters. The lab reads up to ${longest}.` };
  }
  return tokenIn(text.trim());
}

function tokenIn(text: string): Pasted {
  const response = text.startsWith('{') ? tokenOfResponse(text) : undefined;
  if (response !== undefined) return response;
  const bearer = BEARER.exec(text)?.[1];
  if (bearer !== undefined) return { token: bearer, found: 'the token after Bearer' };
  const [, , quoted] = QUOTES.exec(text) ?? [];
  if (quoted !== undefined) return { ...tokenIn(quoted.trim()), found: 'the text between the quotes' };
  // A terminal or a mail may have broken it into lines.
  return { token: text.replaceAll(/\s+/g, '') };
}

function tokenOfResponse(text: string): Pasted | undefined {
  try {
    const members = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const texts = MEMBERS.filter((name) => Object.hasOwn(members, name) && typeof members[name] === 'string');
    const name = texts.find((one) => COMPACT.test(members[one] as string)) ?? texts[0];
    return name === undefined
      ? undefined
      : { token: members[name] as string, found: `the ${name} of a token response` };
  } catch {
    return undefined;
  }
}
