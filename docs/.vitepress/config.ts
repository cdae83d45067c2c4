/** The site: the guide, the packages' READMEs and the API reference, from the Markdown files as they stand in the repository. */
import { relative } from 'node:path';
import { defineConfig, type MarkdownRenderer, type UserConfig } from 'vitepress';
import { deadLinks } from './dead-links.ts';
import { diagrams } from './diagrams.ts';
import { sidebar } from './sidebar.ts';
import { pageOf, siteLink } from './site-paths.ts';

const FORGE = 'https://github.com/tokenwright/tokenwright/blob/main';
const ROOT = new URL('../..', import.meta.url).pathname;

type Plugin = Extract<NonNullable<NonNullable<UserConfig['vite']>['plugins']>[number], { name: string }>;

export default defineConfig({
  title: 'Tokenwright',
  description: 'Issue, check, renew and explain JSON Web Tokens in TypeScript.',
  lang: 'en',
  srcDir: '..',
  // Change logs and generated reports are for the repository; what is left is the guide and the READMEs.
  srcExclude: ['**/CHANGELOG.md', '**/api.md', '.changeset/**', 'benchmarks/**', '**/test/**', '**/.*/**'],
  rewrites: (file) => pageOf(file) ?? file,
  cleanUrls: true,
  outDir: '.vitepress/dist',
  cacheDir: '.vitepress/cache',
  vite: {
    plugins: [vueOfThisFolder()],
    // The index of the search is one chunk, loaded by who searches.
    build: { chunkSizeWarningLimit: 2000 },
  },
  markdown: {
    config(markdown) {
      markdown.use(diagrams).use(linksBetweenFiles).use(anchorsOfTheReference);
    },
  },
  buildEnd({ outDir }) {
    const dead = deadLinks(outDir);
    if (dead.length > 0) throw new Error(`There are no such pages or headings:\n${dead.join('\n')}`);
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/guide/start-here' },
      { text: 'Tutorial', link: '/guide/tutorial' },
      { text: 'API', link: '/reference/' },
    ],
    sidebar,
    search: { provider: 'local' },
    outline: [2, 3],
  },
});

/** Pages lie outside of this folder, where Vue cannot be found from. */
function vueOfThisFolder(): Plugin {
  return {
    name: 'vue of this folder',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!/^vue(\/|$)/.test(source) || importer?.endsWith('.md') !== true) return undefined;
      return this.resolve(source, new URL('./config.ts', import.meta.url).pathname, { skipSelf: true });
    },
  };
}

/** Links are relative to the file, so that they lead somewhere wherever it is read; on the site files stand elsewhere. */
function linksBetweenFiles(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('links between files', (state) => {
    const from = relative(
      ROOT,
      (state.env as { realPath?: string; path: string }).realPath ?? state.env.path,
    );
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      const link = token.type === 'link_open' ? token.attrGet('href') : null;
      if (link !== null) token.attrSet('href', siteLink(link, from.replaceAll('\\', '/'), FORGE));
    }
  });
}

/** TypeDoc counts members that have no heading of their own, and so links to `#name-2` where `#name` is the only one. */
function anchorsOfTheReference(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('anchors of the reference', (state) => {
    const ids = new Set(
      state.tokens.filter(({ type }) => type === 'heading_open').map((one) => one.attrGet('id')),
    );
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      const anchor = token.type === 'link_open' ? /^#(.+)-\d+$/.exec(token.attrGet('href') ?? '') : null;
      if (anchor !== null && !ids.has(anchor[0].slice(1)) && ids.has(anchor[1] ?? ''))
        token.attrSet('href', `#${anchor[1]}`);
    }
  });
}
