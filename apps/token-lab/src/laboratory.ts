/** The state of the page and what its buttons do to it. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Breaker, ServerFault } from './breakers.ts';
import { type Report, type Roundtrip, Service } from './service.ts';
import type { Settings } from './settings.ts';
import type { Trouble } from './troubleshooting.ts';

/** One thing that was tried: what was sent, what came back, and why. */
export interface Experiment extends Roundtrip {
  readonly number: number;
  readonly title: string;
  /** What to see in it. */
  readonly point?: string;
  readonly report?: Report;
  readonly advice?: { readonly cause: string; readonly fix: string };
  readonly renewal?: { readonly before: string; readonly after: string };
}

/** What the components see and call. */
export interface Laboratory {
  readonly user: string;
  readonly password: string;
  readonly token: string | undefined;
  /** Newest first. */
  readonly experiments: readonly Experiment[];
  readonly busy: boolean;
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
const NO_TOKEN = 'There is no token yet, and name and password gave none. See the answer.';

/** The hook behind the page. One thing is tried at a time. */
export function useLaboratory(settings: Settings): Laboratory {
  const service = useMemo(() => new Service(settings), [settings]);
  const [user, setUser] = useState(settings.prefill.user ?? '');
  const [password, setPassword] = useState(settings.prefill.password ?? '');
  const [token, setToken] = useState<string>();
  const [experiments, setExperiments] = useState<readonly Experiment[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const counter = useRef(0);

  const add = (title: string, roundtrip: Roundtrip, more: Partial<Experiment> = {}): void => {
    counter.current += 1;
    const experiment = { ...roundtrip, ...more, title, number: counter.current };
    setExperiments((before) => [experiment, ...before].slice(0, KEPT));
  };

  /** One at a time. What `work` answers is why it could not be done. */
  const one = (work: () => Promise<string | undefined>) => async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      setProblem(await work());
    } finally {
      setBusy(false);
    }
  };

  const signIn = async (): Promise<string | undefined> => {
    const roundtrip = await service.issue(user, password);
    const issued = roundtrip.answer?.token;
    if (issued === undefined) {
      add(
        'Sign in',
        roundtrip,
        roundtrip.answer === undefined ? {} : { advice: adviceOnSignIn(roundtrip.answer.status) },
      );
      return undefined;
    }
    setToken(issued);
    add('Sign in', roundtrip, { report: await service.explain(issued) });
    return issued;
  };

  const use = async (title: string, sent: string | undefined, point?: string): Promise<undefined> => {
    const roundtrip = await service.use(sent);
    add(title, roundtrip, { report: await service.explain(sent), ...(point === undefined ? {} : { point }) });
  };

  const renew = async (
    title: string,
    sent: string | undefined,
    more: Partial<Experiment> = {},
  ): Promise<undefined> => {
    const roundtrip = await service.renew(sent);
    const fresh = roundtrip.answer?.token;
    const report = await service.explain(sent);
    const renewal =
      fresh === undefined || sent === undefined ? {} : { renewal: { before: sent, after: fresh }, ...more };
    if (fresh !== undefined) setToken(fresh);
    add(title, roundtrip, { report, ...renewal });
  };

  /** The token; where there is none yet, the first one. */
  const goodToken = async (): Promise<string | undefined> => token ?? (await signIn());

  const broken = async (by: Breaker['by']): Promise<{ token: string } | { refused: string }> => {
    const good = await goodToken();
    if (good === undefined) return { refused: NO_TOKEN };
    return typeof by === 'function' ? { token: by(good) } : service.broken(good, by);
  };

  return {
    user,
    password,
    token,
    experiments,
    busy,
    problem,
    setUser,
    setPassword,
    signIn: one(async () => {
      await signIn();
      return undefined;
    }),
    use: one(async () => {
      const good = await goodToken();
      if (good === undefined) return NO_TOKEN;
      return use('Call the protected route', good);
    }),
    renew: one(async () => {
      const good = await goodToken();
      if (good === undefined) return NO_TOKEN;
      return renew('Renew', good);
    }),
    break: (breaker) =>
      one(async () => {
        const made = await broken(breaker.by);
        if ('refused' in made) return made.refused;
        return use(breaker.name, made.token, breaker.point);
      })(),
    reproduce: (trouble) =>
      one(async () => {
        const made = await tokenFor(trouble.sends);
        if ('refused' in made) return made.refused;
        const { advice } = trouble;
        if (trouble.route === 'use') return use(trouble.symptom, made.token);
        return renew(trouble.symptom, made.token, advice === undefined ? {} : { advice });
      })(),
  };

  async function tokenFor(
    sends: 'nothing' | 'the token' | ServerFault,
  ): Promise<{ token: string | undefined } | { refused: string }> {
    if (sends === 'nothing') return { token: undefined };
    if (sends !== 'the token') return broken(sends);
    const good = await goodToken();
    return good === undefined ? { refused: NO_TOKEN } : { token: good };
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
