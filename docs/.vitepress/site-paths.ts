/** Where the Markdown files of the repository stand on the site, and what a link from one to another becomes. */
import { posix } from 'node:path';

const PLACES: readonly (readonly [file: RegExp, page: string])[] = [
  [/^docs\/reference\/([^/]+)\/src(?:\/passwords)?(.*)$/, 'reference/$1$2'],
  [/^docs\/(.+)$/, '$1'],
  [/^packages\/([^/]+)\/README\.md$/, 'packages/$1.md'],
  [/^apps\/jwt-tutorial\/README\.md$/, 'tutorial-app.md'],
  [/^README\.md$/, 'project/readme.md'],
  [/^([A-Z]+)\.md$/, 'project/$1.md'],
];

/** The page of a file; undefined for one that is no page. */
export function pageOf(file: string): string | undefined {
  const place = PLACES.find(([pattern]) => pattern.test(file));
  return place === undefined ? undefined : file.replace(...place);
}

/** A link of a page as the site has it: to a page, absolute; to any other file, on the forge. */
export function siteLink(link: string, from: string, forge: string): string {
  if (/^([a-z]+:|#|\/)/i.test(link)) return link;
  const [, path = '', anchor = ''] = /^([^#]*)(#.*)?$/.exec(link) ?? [];
  const file = posix.join(posix.dirname(from), path);
  const page = file.endsWith('.md') ? pageOf(file) : undefined;
  return page === undefined ? `${forge}/${file}${anchor}` : `/${page}${anchor}`;
}
