/** Authentication schemes as OpenAPI describes them (OpenAPI 3.1 §4.8.27). */
import type { Scheme } from '@tokenwright/auth';

/** The security schemes of a server, and under which name each of its schemes stands there. */
export interface SecuritySchemes {
  readonly objects: Readonly<Record<string, object>>;
  readonly names: ReadonlyMap<string, string>;
}

/** By `kind` in small letters; what is not here is an HTTP authentication scheme of that name (RFC 9110 §16.4). */
const BY_KIND: Readonly<Record<string, object>> = {
  basic: { type: 'http', scheme: 'basic' },
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  apikey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  cookie: { type: 'apiKey', in: 'cookie', name: '__Host-session' },
  clientcertificate: { type: 'mutualTLS' },
  mutualtls: { type: 'mutualTLS' },
};

/** Describes schemes: by their own member `openapi`, a Security Scheme Object, where they have one, else by their kind. */
export function securitySchemes(schemes: ReadonlyMap<string, Scheme<object>>): SecuritySchemes {
  const objects: Record<string, object> = {};
  const names = new Map<string, string>();
  for (const [name, scheme] of schemes) {
    const key = freeName(name, objects);
    names.set(name, key);
    objects[key] = described(scheme);
  }
  return { objects, names };
}

function described(scheme: Scheme<object>): object {
  const { openapi } = scheme as { openapi?: unknown };
  if (typeof openapi === 'object' && openapi !== null) return openapi;
  const kind = scheme.kind.toLowerCase();
  const known = kind.replaceAll(/[^a-z]/g, '');
  return Object.hasOwn(BY_KIND, known) ? (BY_KIND[known] as object) : { type: 'http', scheme: kind };
}

/** Keys under `components` are made of few characters (OpenAPI 3.1 §4.8.7). */
function freeName(name: string, taken: object): string {
  const plain = name.replaceAll(/[^\w.-]+/g, '_');
  let free = plain;
  for (let count = 2; Object.hasOwn(taken, free); count++) free = `${plain}_${count}`;
  return free;
}
