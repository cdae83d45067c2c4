/** The state of the page and what its buttons do to it. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Breaker } from './breakers.ts';
import { type Question, type Report, type Roundtrip, Service } from './service.ts';
import type { Settings } from './settings.ts';
import type { Attempt, Trouble } from './troubleshooting.ts';

/** One thing that was tried: what was sent, what came back, and why. */
export interface Experiment extends Roundtrip {
  readonly number: number;
  readonly title: string;
  /** What to see in it. */
  readonly point?: string;
  readonly report?: Report;
  readonly advice?: { readonly cause: string; readonly fix: string };
  readonly comparison?: TwoTokens;
  /** The answer is a token, which stands elsewhere: that is to be looked at, not the answer. */
  readonly signedIn?: boolean;
}

/** Two tokens to be seen side by side: a renewed one and what it was, or a broken one and what it was made from. */
export interface TwoTokens {
  readonly kind: 'renewed' | 'broken';
  readonly before: string;
  readonly after: string;
}

/** What the components see and call. */
export interface Laboratory {
  readonly user: string;
  readonly password: string;
  readonly token: string | undefined;
  /** Newest first. */
  readonly experiments: readonly Experiment[];
  readonly busy: boolean;
  /** The name of the button whose work is being done. */
  readonly running: string | undefined;
  /** Something that kept a button from doing its work. */
  readonly problem: string | undefined;
  setUser(user: string): void;
  setPassword(password: string): void;
  signIn(): Promise<void>;
  use(): Promise<void>;
  renew(): Promise<void>;
  break(breaker: Breaker): Promise<void>;
  reproduce(trouble: Trouble): Promise<void>;
}

const KEPT = 8;
const SIGN_IN = 'Sign in';
const USE = 'Call the protected route';
const RENEW = 'Renew';
const NO_TOKEN = 'There is no token yet, and name and password gave none. See the answer.';

/** The hook behind the page. One thing is tried at a time. */
export function useLaboratory(settings: Settings): Laboratory {
  const service = useMemo(() => new Service(settings), [settings]);
  const [user, setUser] = useState(settings.prefill.user ?? '');
  const [password, setPassword] = useState(settings.prefill.password ?? '');
  const [token, showToken] = useState<string>();
  // What is done in one go signs in once, before the page has been drawn again.
  const latest = useRef<string | undefined>(undefined);
  const setToken = (fresh: string): void => {
    latest.current = fresh;
    showToken(fresh);
  };
  const [experiments, setExperiments] = useState<readonly Experiment[]>([]);
  const [running, setRunning] = useState<string>();
  const busy = running !== undefined;
  const [problem, setProblem] = useState<string>();
  const counter = useRef(0);

  const add = (title: string, roundtrip: Roundtrip, more: Partial<Experiment> = {}): void => {
    counter.current += 1;
    const experiment = { ...roundtrip, ...more, title, number: counter.current };
    setExperiments((before) => [experiment, ...before].slice(0, KEPT));
  };

  /** One at a time. What `work` answers is why it could not be done. */
  const one = async (name: string, work: () => Promise<string | undefined>): Promise<void> => {
    if (busy) return;
    setRunning(name);
    try {
      setProblem(await work());
    } finally {
      setRunning(undefined);
    }
  };

  const signIn = async (): Promise<string | undefined> => {
    const roundtrip = await service.issue(user, password);
    const issued = roundtrip.answer?.token;
    if (issued === undefined) {
      const { answer } = roundtrip;
      add(SIGN_IN, roundtrip, answer === undefined ? {} : { advice: adviceOnSignIn(answer.status) });
      return undefined;
    }
    setToken(issued);
    add(SIGN_IN, roundtrip, { report: await service.explain(issued), signedIn: true });
    return issued;
  };

  const use = async (
    title: string,
    sent: string | undefined,
    more: Partial<Experiment>,
  ): Promise<undefined> => {
    const roundtrip = await service.use(sent);
    add(title, roundtrip, { report: await service.explain(sent), ...more });
  };

  /** The report is on the token that was sent; where claims are expected, on the one that came. */
  const renew = async (
    title: string,
    sent: string | undefined,
    { expects, ...more }: Partial<Experiment> & Pick<Question, 'expects'>,
  ): Promise<undefined> => {
    const roundtrip = await service.renew(sent);
    const fresh = roundtrip.answer?.token;
    const report =
      fresh === undefined || expects === undefined
        ? await service.explain(sent, { renewed: true })
        : await service.explain(fresh, { expects });
    if (fresh !== undefined) setToken(fresh);
    const comparison: Partial<Experiment> =
      fresh === undefined || sent === undefined
        ? {}
        : { comparison: { kind: 'renewed', before: sent, after: fresh } };
    add(title, roundtrip, { report, ...more, ...comparison });
  };

  /** The token; where there is none yet, the first one. */
  const goodToken = async (): Promise<string | undefined> => latest.current ?? (await signIn());

  const withToken = (name: string, work: (good: string) => Promise<string | undefined>): Promise<void> =>
    one(name, async () => {
      const good = await goodToken();
      return good === undefined ? NO_TOKEN : work(good);
    });

  const broken = async (good: string, by: Breaker['by']): Promise<TwoTokens | { refused: string }> => {
    const made = typeof by === 'function' ? { token: by(good) } : await service.broken(good, by);
    return 'refused' in made ? made : { kind: 'broken', before: good, after: made.token };
  };

  return {
    user,
    password,
    token,
    experiments,
    busy,
    running,
    problem,
    setUser,
    setPassword,
    signIn: () =>
      one(SIGN_IN, async () => {
        await signIn();
        return undefined;
      }),
    use: () => withToken(USE, (good) => use(USE, good, {})),
    renew: () => withToken(RENEW, (good) => renew(RENEW, good, {})),
    break: ({ name, by, point }) =>
      withToken(name, async (good) => {
        const made = await broken(good, by);
        if ('refused' in made) return made.refused;
        return use(name, made.after, { point, comparison: made });
      }),
    reproduce: ({ symptom, attempts }) =>
      one(symptom, async () => {
        for (const tried of attempts) {
          const refused = await attempt(symptom, tried);
          if (refused !== undefined) return refused;
        }
        return undefined;
      }),
  };

  async function attempt(symptom: string, tried: Attempt): Promise<string | undefined> {
    const { route, sends, because, point, expects } = tried;
    const title = because === undefined ? symptom : `${symptom}: ${because}`;
    const more = point === undefined ? {} : { point };
    const send = route === 'use' ? use : renew;
    if (sends === 'nothing') return send(title, undefined, more);
    const good = await goodToken();
    if (good === undefined) return NO_TOKEN;
    if (sends === 'the token') {
      const asked = expects === undefined ? {} : { expects: expects(good) };
      return send(title, good, { ...more, ...asked });
    }
    const made = await broken(good, sends);
    if ('refused' in made) return made.refused;
    return send(title, made.after, { ...more, comparison: made });
  }
}

function adviceOnSignIn(status: number): { cause: string; fix: string } {
  if (status === 401)
    return {
      cause:
        'The server does not know this name with this password. It does not tell which of the two is wrong.',
      fix: 'Give the name and the password that the server was started with.',
    };
  return {
    cause: `The server answered ${status} where a token was expected.`,
    fix: 'See the answer, and the log of the server under the same request ID.',
  };
}
