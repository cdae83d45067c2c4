/** Finds links of the built site that lead to a heading that is not there: VitePress itself looks at pages only. */
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A line for each dead anchor, with the page that links to it. */
export function deadAnchors(folder: string): readonly string[] {
  const pages = new Map(
    globSync('**/*.html', { cwd: folder }).map((file) => {
      const html = readFileSync(join(folder, file), 'utf8');
      return [`/${file.replaceAll('\\', '/').replace(/(^|\/)index\.html$|\.html$/, '$1')}`, html] as const;
    }),
  );
  const ids = new Map<string, ReadonlySet<string>>(
    [...pages].map(([page, html]) => [page, new Set(valuesOf(html, 'id'))] as const),
  );
  return [...pages].flatMap(([page, html]) => {
    const links = new Set(valuesOf(html, 'href').filter((link) => /^(\/(?!\/)|#)/.test(link)));
    return [...links].flatMap((link) => {
      const [path = '', anchor]: string[] = link.split('#');
      if (anchor === undefined || anchor === '') return [];
      const target = path === '' ? page : posix.normalize(path);
      const there = ids.get(target)?.has(decodeURIComponent(anchor));
      return there === false ? [`${page} links to ${target}#${anchor}`] : [];
    });
  });
}

function valuesOf(html: string, attribute: 'id' | 'href'): string[] {
  return [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) =>
    value.replaceAll('&amp;', '&'),
  );
}
