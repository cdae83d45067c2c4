/** The clients of a token service (RFC 6749 §2): who they are, how they prove it, what they may ask for. */
import { createHash } from 'node:crypto';
import { refuseUnknownOptions } from '../nearest-name.js';
import { isScope } from './scope.js';

/** How a client proves who it is (RFC 7591 §2); `none` is a public client, which cannot. */
export type ClientAuthenticationMethod = 'client_secret_basic' | 'client_secret_post' | 'none';

/** What a client may exchange for a token. */
export type GrantType = 'client_credentials' | 'refresh_token';

/** A client, as it is registered. */
export interface ClientOptions {
  /** `client_id`: printable ASCII (RFC 6749 Appendix A.1). */
  readonly id: string;
  /**
   * `client_secret`: printable ASCII, at least 22 characters, which is 128 bits in base64url; it has to be random, for it is
   * hashed once and not slowly. Or the SHA-256 of one, as 64 hexadecimal digits, so that a file need not hold the secret.
   */
  readonly secret?: string | { readonly sha256: string } | undefined;
  /** The one way this client authenticates. Default `client_secret_basic`; a client without a secret says `none`. */
  readonly authentication?: ClientAuthenticationMethod | undefined;
  /** Default none: a resource server only introspects. */
  readonly grants?: readonly GrantType[] | undefined;
  /** The scopes it may have; a request that names none gets all of them, and may name 256. Default none. */
  readonly scopes?: readonly string[] | undefined;
  /** Which tokens it may introspect: those issued to it, or `'all'`, as a resource server needs. Default `'own'`. */
  readonly introspection?: 'own' | 'all' | undefined;
}

/** The clients: a list, or a look-up that answers nothing for an id it does not know. */
export type Clients =
  | readonly ClientOptions[]
  | ((id: string) => ClientOptions | undefined | Promise<ClientOptions | undefined>);

/** A client that was checked. Its secret is kept as a hash alone. */
export interface Client {
  readonly id: string;
  readonly secretHash: Buffer | undefined;
  readonly authentication: ClientAuthenticationMethod;
  readonly grants: readonly GrantType[];
  readonly scopes: ReadonlySet<string>;
  readonly introspection: 'own' | 'all';
}

/** Finds a client. */
export type FindClient = (id: string) => Promise<Client | undefined>;

/** What may be used where, for the metadata of RFC 8414. */
export interface ClientsInUse {
  readonly authentication: readonly ClientAuthenticationMethod[];
  readonly scopes: readonly string[];
}

const OPTIONS = ['id', 'secret', 'authentication', 'grants', 'scopes', 'introspection'];
const METHODS: readonly string[] = ['client_secret_basic', 'client_secret_post', 'none'];
const GRANTS: readonly string[] = ['client_credentials', 'refresh_token'];
/** RFC 6749 Appendix A.1 and A.2: VSCHAR. */
const VISIBLE = /^[\x20-\x7e]+$/;
/** 128 bits in base64url, RFC 6749 §10.10. */
const SHORTEST_SECRET = 22;

/** The hash that secrets are kept as and compared by. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/**
 * A look-up of checked clients.
 *
 * @throws TypeError for a client that is registered wrongly; a look-up of one's own is checked at each answer
 */
export function clientFinder(clients: Clients): FindClient {
  if (typeof clients === 'function') {
    return async (id) => {
      const found = await clients(id);
      const client = found === undefined ? undefined : checkClient(found);
      // A database may compare without regard to case, or to blanks at the end.
      return client?.id === id ? client : undefined;
    };
  }
  const known = clientsById(clients);
  return async (id) => known.get(id);
}

/** What the registered clients use; of a look-up it is not known, so it is everything, and no scope. */
export function clientsInUse(clients: Clients): ClientsInUse {
  if (typeof clients === 'function')
    return { authentication: METHODS as ClientAuthenticationMethod[], scopes: [] };
  const checked = [...clientsById(clients).values()];
  return {
    authentication: [...new Set(checked.map(({ authentication }) => authentication))],
    scopes: [...new Set(checked.flatMap(({ scopes }) => [...scopes]))],
  };
}

function clientsById(clients: readonly ClientOptions[]): ReadonlyMap<string, Client> {
  if (!Array.isArray(clients))
    throw new TypeError('tokenEndpoints(): clients has to be a list of clients, or a function of an id.');
  const known = new Map<string, Client>();
  for (const options of clients as readonly ClientOptions[]) {
    const client = checkClient(options);
    if (known.has(client.id))
      throw new TypeError(`tokenEndpoints(): the client '${client.id}' is registered twice.`);
    known.set(client.id, client);
  }
  return known;
}

function checkClient(options: ClientOptions): Client {
  refuseUnknownOptions(options, OPTIONS, 'a client');
  const { id, authentication = 'client_secret_basic', grants = [], scopes = [] } = options;
  const { introspection = 'own' } = options;
  if (typeof id !== 'string' || !VISIBLE.test(id))
    throw new TypeError('tokenEndpoints(): the id of a client is not printable ASCII (RFC 6749 A.1).');
  const where = `the client '${id}'`;
  if (!METHODS.includes(authentication))
    throw new TypeError(`${where}: authentication is one of ${METHODS.join(', ')}.`);
  if (!Array.isArray(grants) || !grants.every((grant) => GRANTS.includes(grant)))
    throw new TypeError(`${where}: grants is a list of ${GRANTS.join(', ')}.`);
  if (!Array.isArray(scopes) || !scopes.every(isScope))
    throw new TypeError(`${where}: scopes is a list of scopes without blanks (RFC 6749 §3.3).`);
  if (introspection !== 'own' && introspection !== 'all')
    throw new TypeError(`${where}: introspection is 'own' or 'all'.`);
  if (authentication === 'none') checkPublicClient(options, where);
  return Object.freeze({
    id,
    secretHash: authentication === 'none' ? undefined : checkedSecret(options.secret, where),
    authentication,
    grants: Object.freeze([...grants]),
    scopes: new Set(scopes),
    introspection,
  });
}

/** Anybody can say that they are a public client: it gets nothing for that alone (RFC 6749 §4.4, RFC 7662 §2.1). */
function checkPublicClient({ secret, grants = [], introspection }: ClientOptions, where: string): void {
  if (secret !== undefined)
    throw new TypeError(`${where} has a secret but authentication: 'none'. Leave one of them out.`);
  if (grants.includes('client_credentials'))
    throw new TypeError(`${where} has no secret, so it cannot have client_credentials (RFC 6749 §4.4).`);
  if (introspection === 'all')
    throw new TypeError(`${where} has no secret, so it cannot introspect (RFC 7662 §2.1).`);
}

function checkedSecret(secret: ClientOptions['secret'], where: string): Buffer {
  if (typeof secret === 'string') {
    if (secret.length < SHORTEST_SECRET || !VISIBLE.test(secret)) {
      throw new TypeError(
        `${where}: the secret has to be ${SHORTEST_SECRET} or more characters of printable ASCII. Make one with node -p "crypto.randomBytes(32).toString('base64url')".`,
      );
    }
    return secretHash(secret);
  }
  if (typeof secret?.sha256 === 'string' && /^[0-9a-f]{64}$/i.test(secret.sha256))
    return Buffer.from(secret.sha256, 'hex');
  throw new TypeError(
    `${where} has no secret. Give one, or { sha256: '64 hexadecimal digits' }, or say authentication: 'none'.`,
  );
}
