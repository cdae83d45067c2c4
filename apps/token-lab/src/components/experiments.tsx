/** Everything there is to try: use the token, break it, bring about the usual troubles. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { BREAKERS } from '../breakers.ts';
import type { Laboratory } from '../laboratory.ts';
import type { Settings } from '../settings.ts';
import { TROUBLES } from '../troubleshooting.ts';

/** A button. */
interface Choice {
  readonly name: string;
  readonly what: string;
  run(): Promise<void>;
}

export function Experiments({ lab, paths }: { lab: Laboratory; paths: Settings['paths'] }): JSX.Element {
  const [told, tell] = useState('Each sends a request; what comes of it is the answer.');
  const button = (choice: Choice): JSX.Element => <ChoiceButton lab={lab} choice={choice} tell={tell} />;
  const troubles = TROUBLES.filter(({ attempts }) => attempts.every(({ route }) => paths[route] !== false));
  return (
    <section class="card" id="try" aria-labelledby="try-heading" tabIndex={-1}>
      <div class="try-heading">
        <h2 id="try-heading">Try it</h2>
        {/* Each button has it in its name; here it is for the eye. */}
        <p class="hint" aria-hidden="true">
          {told}
        </p>
      </div>
      {lab.problem === undefined ? null : (
        <p class="problem" role="alert">
          {lab.problem}
        </p>
      )}
      <Group title="Use it">
        {button({ name: 'Call the protected route', what: `GET ${paths.use}`, run: lab.use })}
        {paths.renew === false
          ? null
          : button({ name: 'Renew', what: `POST ${paths.renew}`, run: lab.renew })}
      </Group>
      <Group title="Break it">
        {BREAKERS.map((breaker) => button({ ...breaker, run: () => lab.break(breaker) }))}
      </Group>
      <Group title="When it does not work">
        {troubles.map((trouble) =>
          button({ name: trouble.symptom, what: trouble.how, run: () => lab.reproduce(trouble) }),
        )}
      </Group>
    </section>
  );
}

function Group({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <fieldset class="group">
      <legend>{title}</legend>
      <div class="choices">{children}</div>
    </fieldset>
  );
}

/** `aria-disabled` and not `disabled` while busy: a disabled button would lose the focus of who just pressed it. */
function ChoiceButton(props: {
  lab: Laboratory;
  choice: Choice;
  tell: (words: string) => void;
}): JSX.Element {
  const { lab, choice, tell } = props;
  const { name, what } = choice;
  const show = (): void => tell(`${name}: ${what}`);
  return (
    <button
      type="button"
      class={lab.running === name ? 'choice running' : 'choice'}
      aria-disabled={lab.busy}
      onClick={() => void choice.run()}
      onMouseEnter={show}
      onFocus={show}
    >
      {name} <span class="visually-hidden">{what}</span>
    </button>
  );
}
