/** Finds links of the built site that lead nowhere: VitePress itself looks at no headings, and not at the sidebar. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A line for each dead link, with the page that has it. */
export function deadLinks(folder: string): readonly string[] {
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
      const [path = '', anchor = '']: string[] = link.split('#');
      const target = path === '' ? page : posix.normalize(path);
      const there = ids.get(target);
      const dead =
        there === undefined
          ? !existsSync(join(folder, target))
          : anchor !== '' && !there.has(decodeURIComponent(anchor));
      return dead ? [`${page} links to ${link.startsWith('#') ? target : ''}${link}`] : [];
    });
  });
}

function valuesOf(html: string, attribute: 'id' | 'href'): string[] {
  return [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) =>
    value.replaceAll('&amp;', '&'),
  );
}
