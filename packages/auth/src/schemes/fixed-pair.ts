/** One fixed name and password, compared by koa-basic-auth. */
import koaBasicAuth from 'koa-basic-auth';

/**
 * A check against the one pair in `users`. koa-basic-auth skips the comparison of a name or password that is empty,
 * which lets anybody in; therefore empty ones are refused here.
 *
 * @throws TypeError for anything but exactly one pair of non-empty strings.
 */
export function fixedPair(
  users: Readonly<Record<string, string>>,
): (name: string, password: string) => Promise<boolean> {
  const pairs = typeof users === 'object' && users !== null ? Object.entries(users) : [];
  const [pair] = pairs;
  if (pair === undefined || pairs.length !== 1) {
    throw new TypeError(
      `basic() takes one fixed pair in \`users\` and got ${pairs.length}; for several users give it a Map of hashes`,
    );
  }
  const [name, password] = pair;
  if (name === '')
    throw new TypeError('basic() got an empty user name: anybody would be let in. Give it a name');
  if (name.includes(':'))
    throw new TypeError('basic() got a user name with a colon, which RFC 7617 §2 does not allow');
  if (typeof password !== 'string' || password === '') {
    throw new TypeError(`basic() got no password for its user: anybody would be let in. Give it one`);
  }
  if (/[\p{Cc}\u2028\u2029]/u.test(name + password)) {
    throw new TypeError(
      'basic() got a name or password with a control character or line separator, which could never be sent (RFC 7617 §2)',
    );
  }
  const middleware = koaBasicAuth({ name, pass: password });
  return async (givenName, givenPassword) => {
    const given = Buffer.from(`${givenName}:${givenPassword}`, 'utf8').toString('base64');
    return passes(middleware, given);
  };
}

/** Runs the library's middleware on exactly what was parsed here, so that both see the same name and password. */
async function passes(middleware: ReturnType<typeof koaBasicAuth>, encoded: string): Promise<boolean> {
  let passed = false;
  const refused = new Error('refused');
  const context = {
    headers: { authorization: `Basic ${encoded}` },
    throw(): never {
      throw refused;
    },
  };
  try {
    await middleware(context as unknown as Parameters<typeof middleware>[0], async () => {
      passed = true;
    });
  } catch (error) {
    if (error !== refused) throw error;
  }
  return passed;
}
