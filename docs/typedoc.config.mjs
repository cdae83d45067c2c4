/** The API reference: one page for each entry point, from the docstrings, as Markdown for the site. */

/** @type {Partial<import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions>} */
const options = {
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: [
    'jwt/src/index.ts',
    'jwt/src/inspect.ts',
    'jwt/src/remote.ts',
    'jwt/src/testing.ts',
    'auth/src/index.ts',
    'auth/src/passwords/argon2id.ts',
    'auth/src/sessions/index.ts',
    'auth/src/sessions/sqlite/sqlite.ts',
    'auth/src/sessions/redis/redis.ts',
    'auth/src/sessions/contract/contract.ts',
    'server/src/index.ts',
    'server/src/lab.ts',
  ].map((file) => `../packages/${file}`),
  tsconfig: 'tsconfig.reference.json',
  out: 'reference',
  name: 'API reference',
  readme: 'none',
  router: 'module',
  entryFileName: 'index',
  // The workspace's own compiler has checked the types, and it is a newer one.
  skipErrorChecking: true,
  // What comes from jose has its documentation there.
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useHTMLEncodedBrackets: true,
  sanitizeComments: true,
  pageTitleTemplates: {
    module: ({ name }) =>
      `@tokenwright/${name.replace(/\/src(\/passwords)?(?=\/|$)/, '').replace(/(\w+)\/\1$/, '$1')}`,
  },
  externalSymbolLinkMappings: { jose: { AnyJOSEError: 'https://github.com/panva/jose' } },
  treatWarningsAsErrors: true,
};

export default options;
