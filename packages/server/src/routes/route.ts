/** What a route is, in types: options, and what its handler sees. */
import type { RouterContext } from '@koa/router';
import type { Policy, Principal } from '@tokenwright/auth';
import type { DefaultContext, Next } from 'koa';
import type { JsonSchema, SchemaOutput, StandardSchema } from './standard-schema.js';

/** The methods a route may be registered for. `HEAD` comes with `GET`, `OPTIONS` is answered for every path. */
export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What every request has on `ctx.state`. */
export interface RequestState {
  /** Names the request in the log and in `X-Request-Id`. Made here, never taken from the client. */
  requestId: string;
}

/** What may be asked of the caller of a route. `Names` are the schemes of the server. */
export interface AccessOptions<Names extends string = string> {
  /** The scheme, or several in the order they are tried; `false` for an open route. */
  readonly auth: Names | readonly [Names, ...Names[]] | false;
  /** What the principal must be or have; a 403 otherwise. */
  readonly policy?: Policy | undefined;
}

/** A media type a route takes a body in: `application/json` and what ends in `+json`, or an HTML form. */
export type BodyType = 'json' | 'form';

/** The parts of a request that a route has schemas for, and what they describe in OpenAPI. */
export interface InputOptions {
  /** The schema of the parsed body; POST, PUT and PATCH only. A route without it parses no body. */
  readonly body?: StandardSchema | undefined;
  /** What the body may be sent as, anything else is 415. Default `['json']`: a form can be posted by any web page. */
  readonly bodyTypes?: readonly [BodyType, ...BodyType[]] | undefined;
  /** The schema of the query: an object of strings, and of lists of strings where a name is repeated. */
  readonly query?: StandardSchema | undefined;
  /** The schema of the path parameters: an object of decoded strings. */
  readonly params?: StandardSchema | undefined;
  /** The schema of the header fields, by lower-case name. `authorization` and `cookie` belong to the schemes and are not shown. */
  readonly headers?: StandardSchema | undefined;
}

/** What the OpenAPI document says of a route; nothing of it is looked at when a request is answered. */
export interface DocumentationOptions {
  /** A few words. */
  readonly summary?: string | undefined;
  /** Several sentences, CommonMark. */
  readonly description?: string | undefined;
  /** Groups of operations this one belongs to. */
  readonly tags?: readonly string[] | undefined;
  /** The schema of the JSON of a successful answer. It types `ctx.body`; answers are not checked against it. */
  readonly response?: StandardSchema | undefined;
  /** JSON Schemas (draft 2020-12) to show instead of what a schema says of itself, or where it says nothing. */
  readonly jsonSchema?:
    | { readonly [Part in 'body' | 'query' | 'params' | 'headers' | 'response']?: JsonSchema | undefined }
    | undefined;
}

/** Options of a route. `Names` are the schemes of the server. */
export interface RouteOptions<Names extends string = string>
  extends AccessOptions<Names>,
    InputOptions,
    DocumentationOptions {}

/** Options of a group: what its routes share. */
export interface GroupOptions<Names extends string = string> {
  /** As {@link AccessOptions.auth}, for the routes that do not say it themselves. */
  readonly auth?: AccessOptions<Names>['auth'];
  /** Every route of the group asks for it, on top of its own policy. */
  readonly policy?: Policy | undefined;
  /** Put before the routes' own. */
  readonly tags?: readonly string[] | undefined;
}

/** Options of a route inside a group with the options `Shared`: `auth` may be left out where the group has it. */
export type RouteOptionsIn<Shared extends GroupOptions, Names extends string> = Shared extends {
  readonly auth: AccessOptions['auth'];
}
  ? Omit<RouteOptions<Names>, 'auth'> & Partial<Pick<AccessOptions<Names>, 'auth'>>
  : RouteOptions<Names>;

/** The options of a route or an inner group over those of the group around it. */
export type Within<Shared, Options> = Options extends { readonly auth: AccessOptions['auth'] }
  ? Options
  : Options & (Shared extends { readonly auth: infer Auth } ? { readonly auth: Auth } : unknown);

/** The state of a route: a principal unless it says `auth: false`, and what its schemas made of the request. */
export type RouteState<Schemes extends object, Options> = RequestState &
  PrincipalState<Schemes, Options> &
  InputState<Options>;

/** What the schemas of a route give, as `ctx.state.input`: only the parts that have one. */
export type RouteInput<Options> = {
  -readonly [Part in InputPart as Options extends { readonly [P in Part]: StandardSchema }
    ? Part
    : never]: SchemaOutput<Options[Part & keyof Options]>;
};

/** The body a handler may answer with: what the `response` schema gives, and anything without one. */
export type RouteBody<Options> = Options extends { readonly response: infer Schema extends StandardSchema }
  ? SchemaOutput<Schema>
  : unknown;

/** The handler of a route: Koa middleware whose `ctx.state` is known. */
export type RouteHandler<State, Body = unknown> = (
  ctx: RouterContext<State, DefaultContext, Body>,
  next: Next,
) => unknown;

/** The parts of a request that a schema may describe. */
export type InputPart = 'params' | 'query' | 'headers' | 'body';

type InputState<Options> = [keyof RouteInput<Options>] extends [never]
  ? unknown
  : { readonly input: RouteInput<Options> };
type PrincipalState<Schemes extends object, Options> = Options extends { readonly auth: infer Auth }
  ? Auth extends false
    ? unknown
    : { auth: Principal<ClaimsOf<Schemes, Auth>> }
  : unknown;
type ClaimsOf<Schemes extends object, Auth> = Schemes[NamesIn<Auth> &
  keyof Schemes] extends infer Claims extends object
  ? Claims
  : never;
type NamesIn<Auth> = Auth extends readonly (infer Name)[] ? Name : Auth;
