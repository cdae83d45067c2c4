/**
 * The generated parts of pages. On a page such a part stands between `<!-- generated: name -->` and `<!-- /generated -->`;
 * `pnpm docs:generate` writes it, and a test compares what stands there with what would be written.
 */
import type { Page } from '../blocks/pages.ts';
import { checks } from './checks.ts';
import { hostCodes } from './host-codes.ts';
import { logCodes } from './log-codes.ts';
import { oauthCodes } from './oauth-codes.ts';
import { readmeSection } from './readme.ts';
import { reasons } from './reasons.ts';
import { sentences } from './sentences.ts';
import { sessionCodes } from './session-codes.ts';
import { chart, measured } from './speed.ts';
import { startCodes } from './start-codes.ts';

/** What makes each part. */
const SECTIONS: Readonly<Record<string, (page: string) => string | Promise<string>>> = {
  reasons,
  sentences,
  'log codes': logCodes,
  'host codes': hostCodes,
  'oauth codes': oauthCodes,
  'session codes': sessionCodes,
  'start codes': startCodes,
  checks,
  chart,
  measured: () => measured(),
  'try it': (page) => readmeSection('Try it', page),
  troubleshooting: (page) => readmeSection('Troubleshooting', page),
};

const SECTION = /(<!-- generated: ([^>]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/** The page as it ought to be, where it stands. @throws Error for a part that nothing makes. */
export async function withSections({ path, text }: Page): Promise<string> {
  const made = new Map<string, string>();
  for (const [, , name = ''] of text.matchAll(SECTION)) {
    const make = SECTIONS[name];
    if (make === undefined) throw new Error(`nothing generates "${name}"`);
    made.set(name, await make(path));
  }
  return text.replace(
    SECTION,
    (_all, begin: string, name: string, end: string) => `${begin}\n${made.get(name)}\n\n${end}`,
  );
}
