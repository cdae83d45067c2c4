/** The page: on the left the token, on the right what is done with it. */
import type { JSX } from 'preact';
import { useLaboratory } from '../laboratory.ts';
import type { Settings } from '../settings.ts';
import { AnswerPanel } from './answer-panel.tsx';
import { Experiments } from './experiments.tsx';
import { Inspector } from './inspector.tsx';
import { SignIn } from './sign-in.tsx';
import { TokenView } from './token-view.tsx';

export function App({ settings }: { settings: Settings }): JSX.Element {
  const lab = useLaboratory(settings);
  return (
    <>
      <nav aria-label="Skip to">
        <a class="skip" href="#try">
          Skip to what can be tried
        </a>
        <a class="skip" href="#answer">
          Skip to the answer
        </a>
      </nav>
      <header class="masthead">
        <div class="mark" aria-hidden="true">
          <span class="dot header" />
          <span class="dot payload" />
          <span class="dot signature" />
        </div>
        <div>
          <h1>Token lab</h1>
          <p>
            <span class="server-name">{settings.name}</span> · get a token, read it, use it, break it, and see
            why it is refused.
          </p>
        </div>
      </header>
      <main>
        <SignIn lab={lab} path={settings.paths.issue} />
        <section class="card" aria-labelledby="token-heading">
          <h2 id="token-heading">Your token</h2>
          {lab.token === undefined ? (
            <p class="empty">None yet. Sign in, and it stands here with every part explained.</p>
          ) : (
            <>
              <a class="skip" href="#try">
                Skip the claims
              </a>
              <TokenView token={lab.token} tolerance={settings.clockTolerance} label="Your token" />
            </>
          )}
        </section>
        <div class="deeds">
          <Experiments lab={lab} paths={settings.paths} />
          <AnswerPanel experiments={lab.experiments} busy={lab.busy} tolerance={settings.clockTolerance} />
        </div>
        <Inspector token={lab.token} tolerance={settings.clockTolerance} />
      </main>
      <footer class="foot">
        <p>
          For development: this page is served by the service itself and asks nobody else. Broken tokens and
          reports are given on the machine the server runs on only.
        </p>
      </footer>
    </>
  );
}
