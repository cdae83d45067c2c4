/** A request and its response as they are on the wire, the password and the middle of tokens left out. */
import type { ComponentChildren, JSX } from 'preact';
import type { Answer, Field, SentRequest } from '../service.ts';
import { shortened } from '../words.ts';
import { ShortToken } from './token-text.tsx';
import { VisibleText } from './visible-text.tsx';

export function HttpRequest({ request }: { request: SentRequest }): JSX.Element {
  const { method, path, fields, token } = request;
  return (
    <Message title="Request">
      <Line>
        <b>{method}</b> {path}
      </Line>
      {fields.map((field) => (
        <FieldLine field={field} />
      ))}
      {token === undefined ? null : (
        <Line>
          <span class="field-name">Authorization:</span> Bearer <ShortToken token={token} />
        </Line>
      )}
      {token === undefined && fields.length === 0 ? <Line quiet>no Authorization</Line> : null}
    </Message>
  );
}

export function HttpResponse({ answer }: { answer: Answer | undefined }): JSX.Element {
  if (answer === undefined)
    return (
      <Message title="Response">
        <Line>None: the server could not be reached. Is it still running?</Line>
      </Message>
    );
  return (
    <Message title="Response">
      <Line>
        <b>{answer.status}</b> {answer.reason}
      </Line>
      {answer.fields.map((field) => (
        <FieldLine field={field} challenge={field[0] === 'WWW-Authenticate'} />
      ))}
      <Line body>
        <VisibleText text={bodyText(answer)} lines />
      </Line>
    </Message>
  );
}

function Message({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="message">
      <h3>{title}</h3>
      <div class="wire">{children}</div>
    </div>
  );
}

function FieldLine({ field, challenge }: { field: Field; challenge?: boolean }): JSX.Element {
  const [name, value] = field;
  return (
    <div class={challenge === true ? 'line challenge' : 'line'}>
      <span class="field-name">{name}:</span> <VisibleText text={value} />
    </div>
  );
}

function Line(props: { children: ComponentChildren; body?: boolean; quiet?: boolean }): JSX.Element {
  return <div class={`line${props.body ? ' body' : ''}${props.quiet ? ' quiet' : ''}`}>{props.children}</div>;
}

/** JSON is indented, a token in it cut to its ends. */
function bodyText({ body, token }: Answer): string {
  try {
    const text = JSON.stringify(JSON.parse(body), null, 2);
    return token === undefined ? text : text.replace(token, shortened(token));
  } catch {
    return body;
  }
}
