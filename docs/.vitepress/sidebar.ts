/** What stands beside every page, in reading order; "previous" and "next" follow it. */
import type { DefaultTheme } from 'vitepress';

/** The groups. */
export const sidebar: DefaultTheme.SidebarItem[] = [
  group('Begin', 'guide', { 'start-here': 'Start here' }),
  group('Who is it, and may they?', 'guide', {
    basic: 'Basic',
    'api-keys': 'API keys',
    tutorial: 'JWT tokens: the tutorial',
    cookies: 'Cookies',
    sessions: 'Sessions: refresh and log-out',
    'many-machines': 'From one machine to many',
    bearer: 'Bearer',
    'client-certificates': 'Client certificates',
    policies: 'Policies, several schemes',
  }),
  group('In depth', 'guide', {
    jwt: 'The JWT guide',
    'what-is-validated': 'What exactly is validated',
    errors: 'Errors',
    'threat-model': 'Threat model',
    testing: 'Testing your own service',
    'command-line': 'On the command line',
    speed: 'How fast it is',
  }),
  group('Coming from', 'guide', {
    'coming-from-kestrun': 'Kestrun',
    'coming-from-jsonwebtoken': 'jsonwebtoken',
    'coming-from-fastify-jwt': '@fastify/jwt',
    'migrating-to-auth': 'koa-jwt, passport-jwt, express-oauth2-jwt-bearer',
  }),
  group('Packages', 'packages', {
    jwt: '@tokenwright/jwt',
    auth: '@tokenwright/auth',
    server: '@tokenwright/server',
    cli: '@tokenwright/cli',
  }),
  group('API', 'reference', {
    jwt: '@tokenwright/jwt',
    'jwt/inspect': '@tokenwright/jwt/inspect',
    'jwt/remote': '@tokenwright/jwt/remote',
    'jwt/testing': '@tokenwright/jwt/testing',
    auth: '@tokenwright/auth',
    'auth/argon2id': '@tokenwright/auth/argon2id',
    'auth/sessions': '@tokenwright/auth/sessions',
    'auth/sessions/sqlite/sqlite': '@tokenwright/auth/sessions/sqlite',
    'auth/sessions/redis/redis': '@tokenwright/auth/sessions/redis',
    'auth/sessions/contract/contract': '@tokenwright/auth/sessions/contract',
    server: '@tokenwright/server',
    'server/lab': '@tokenwright/server/lab',
  }),
  group('The project', 'project', {
    readme: 'README',
    ARCHITECTURE: 'Architecture',
    CONTRIBUTING: 'Contributing',
    SECURITY: 'Security',
  }),
  group('Design decisions', 'design', {
    'immutable-builder': 'Builders that do not change',
    'one-list-of-checks': 'One list of checks',
    'own-jws-over-node-crypto': 'Own JWS over node:crypto',
    'closed-set-of-sentences': 'A closed set of sentences',
    'development-certificates': 'Development certificates',
    'sessions-in-a-store': 'Sessions in a store',
  }),
];

function group(text: string, folder: string, pages: Record<string, string>): DefaultTheme.SidebarItem {
  const items = Object.entries(pages).map(([page, title]) => ({ text: title, link: `/${folder}/${page}` }));
  return { text, items };
}
