/** Everything there is to try: use the token, break it, bring about the usual troubles. */
import type { ComponentChildren, JSX } from 'preact';
import { BREAKERS } from '../breakers.ts';
import type { Laboratory } from '../laboratory.ts';
import type { Settings } from '../settings.ts';
import { TROUBLES } from '../troubleshooting.ts';

export function Experiments({ lab, paths }: { lab: Laboratory; paths: Settings['paths'] }): JSX.Element {
  return (
    <section class="card" aria-labelledby="try-heading">
      <h2 id="try-heading">Try it</h2>
      {lab.problem === undefined ? null : (
        <p class="problem" role="alert">
          {lab.problem}
        </p>
      )}
      <Group title="Use it">
        <Choice lab={lab} name="Call the protected route" what={`GET ${paths.use}`} run={lab.use} />
        {paths.renew === false ? null : (
          <Choice lab={lab} name="Renew" what={`POST ${paths.renew}`} run={lab.renew} />
        )}
      </Group>
      <Group title="Break it" three>
        {BREAKERS.map((breaker) => (
          <Choice lab={lab} name={breaker.name} what={breaker.what} run={() => lab.break(breaker)} />
        ))}
      </Group>
      <Group title="When it does not work" three>
        {TROUBLES.filter(({ route }) => paths[route] !== false).map((trouble) => (
          <Choice lab={lab} name={trouble.symptom} what={trouble.how} run={() => lab.reproduce(trouble)} />
        ))}
      </Group>
    </section>
  );
}

function Group(props: { title: string; three?: boolean; children: ComponentChildren }): JSX.Element {
  return (
    <fieldset class="group">
      <legend>{props.title}</legend>
      <div class={props.three ? 'choices three' : 'choices'}>{props.children}</div>
    </fieldset>
  );
}

/** `aria-disabled` and not `disabled` while busy: a disabled button would lose the focus of who just pressed it. */
function Choice(props: {
  lab: Laboratory;
  name: string;
  what: string;
  run: () => Promise<void>;
}): JSX.Element {
  return (
    <button type="button" class="choice" aria-disabled={props.lab.busy} onClick={() => void props.run()}>
      <strong>{props.name}</strong>
      <span>{props.what}</span>
    </button>
  );
}
