/** Authentication schemes as OpenAPI describes them (OpenAPI 3.1 §4.8.27). */
import type { Scheme } from '@tokenwright/auth';

/** The security schemes of a server, and under which names each of its schemes stands there: any one of them will do. */
export interface SecuritySchemes {
  readonly objects: Readonly<Record<string, object>>;
  readonly names: ReadonlyMap<string, readonly string[]>;
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

/** Describes schemes: by their own member `openapi`, where they have one, else by their kind. */
export function securitySchemes(schemes: ReadonlyMap<string, Scheme<object>>): SecuritySchemes {
  const objects: Record<string, object> = {};
  const names = new Map<string, readonly string[]>();
  for (const [name, scheme] of schemes) {
    const keys = described(scheme).map((object) => {
      const key = freeName(name, objects);
      objects[key] = object;
      return key;
    });
    names.set(name, keys);
  }
  return { objects, names };
}

function described({ openapi, kind }: Scheme<object>): readonly object[] {
  const own = [openapi].flat().filter((object) => typeof object === 'object' && object !== null);
  if (own.length > 0) return own as object[];
  const known = kind.toLowerCase().replaceAll(/[^a-z]/g, '');
  return [
    Object.hasOwn(BY_KIND, known) ? (BY_KIND[known] as object) : { type: 'http', scheme: kind.toLowerCase() },
  ];
}

/** Keys under `components` are made of few characters (OpenAPI 3.1 §4.8.7). */
function freeName(name: string, taken: object): string {
  const plain = name.replaceAll(/[^\w.-]+/g, '_');
  let free = plain;
  for (let count = 2; Object.hasOwn(taken, free); count++) free = `${plain}_${count}`;
  return free;
}
