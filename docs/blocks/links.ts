/** The links of a page, and whether they lead somewhere: to a file, to a heading of a page, to a test that is run. */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Page } from './pages.ts';
import { root } from './pages.ts';
import { testTitles } from './test-titles.ts';

const FENCE = /^( *)(`{3,}|~{3,})[\s\S]*?^ *\2\s*$/gm;
const LINK = /\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)/g;

/** What is wrong with the links of a page, a line each. Links to other hosts are not followed. */
export function deadLinks({ path, text }: Page): readonly string[] {
  const findings: string[] = [];
  for (const [, words = '', target = ''] of text.replace(FENCE, '').matchAll(LINK)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : posix.join(posix.dirname(path), file);
    const finding = existsSync(join(root, linked)) ? faultIn(linked, anchor, words) : `there is no ${linked}`;
    if (finding !== undefined) findings.push(`[${words}](${target}): ${finding}`);
  }
  return findings;
}

function faultIn(file: string, anchor: string | undefined, words: string): string | undefined {
  const name = /^`(.+)`$/.exec(words)?.[1];
  if (/\.test\.ts$/.test(file) && name !== undefined) {
    const { run, notRun } = testTitles(readFileSync(join(root, file), 'utf8'));
    if (run.has(name)) return undefined;
    return notRun.has(name) ? 'the test of that name is not run' : 'there is no test of that name';
  }
  if (anchor === undefined) return undefined;
  const headings = readFileSync(join(root, file), 'utf8')
    .replace(FENCE, '')
    .matchAll(/^#{1,6} +(.+?) *#*$/gm);
  const anchors = Array.from(headings, ([, heading = '']) => anchorOf(heading));
  return anchors.includes(anchor) ? undefined : `there is no such heading; there are ${anchors.join(', ')}`;
}

/** As GitHub makes it. The site makes another of a heading with such signs as `/`; those are better not linked to. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}
