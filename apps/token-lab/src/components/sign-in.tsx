/** Name and password for a first token. */
import type { JSX } from 'preact';
import type { Laboratory } from '../laboratory.ts';

export function SignIn({ lab, path }: { lab: Laboratory; path: string }): JSX.Element {
  const submit = (event: Event): void => {
    event.preventDefault();
    void lab.signIn();
  };
  return (
    <section class="card" aria-labelledby="sign-in-heading">
      <h2 id="sign-in-heading">Sign in</h2>
      <form class="sign-in" onSubmit={submit}>
        <label>
          Name
          <input
            name="user"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            value={lab.user}
            onInput={(event) => lab.setUser(event.currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            value={lab.password}
            onInput={(event) => lab.setPassword(event.currentTarget.value)}
          />
        </label>
        {/* Not `disabled`, for that would take the focus from who just pressed it. */}
        <button type="submit" class="primary" aria-disabled={lab.busy}>
          Get a token
        </button>
      </form>
      <p class="hint">
        Sent once, as Basic, to <code>{path}</code>. From then on the token speaks for you.
      </p>
    </section>
  );
}
