/** Every dependency's licence is one that this project's users, or this project, can live with. */
import { report } from './findings.ts';
import { output } from './pack.ts';
import { root } from './turbo.ts';

/** What users install along with us: permissive, without a duty beyond keeping the notice. */
const FOR_USERS = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
];
/** What only this repository uses, unchanged: weak copyleft is no burden there. */
const FOR_TOOLS = [...FOR_USERS, 'MPL-2.0', 'EPL-2.0', 'CC0-1.0', 'CC-BY-4.0', 'Python-2.0', 'Zlib'];

/** Licences that stand in a package's readme and not in its manifest, read there. */
const STATED_ELSEWHERE: Readonly<Record<string, string>> = { 'only 0.0.2': 'MIT' };

type Listing = Readonly<Record<string, readonly { name: string; versions: readonly string[] }[]>>;

const [all, production] = await Promise.all([listing(), listing('--prod', '--filter', './packages/*')]);
const forUsers = new Set(Object.values(production).flatMap((entries) => entries.map(({ name }) => name)));
const findings = Object.entries(all).flatMap(([licence, entries]) =>
  entries
    .filter((entry) => !allowed(stated(entry, licence), forUsers.has(entry.name) ? FOR_USERS : FOR_TOOLS))
    .map(
      ({ name, versions }) =>
        `${name} ${versions.join(', ')}: ${licence}${forUsers.has(name) ? ', and users install it' : ''}`,
    ),
);
report(
  'licences',
  findings,
  'Take another package, or, if the licence is acceptable, add it to the list in tools/licences.ts in a commit of its own.',
  `all of ${Object.values(all).flat().length} dependencies' are acceptable (${forUsers.size} reach users)`,
);

/** `pnpm licenses list`; it answers with words, not JSON, when there is nothing to list. */
async function listing(...args: string[]): Promise<Listing> {
  const printed = await output('pnpm', ['--recursive', 'licenses', 'list', '--json', ...args], root);
  return printed.trim().startsWith('{') ? (JSON.parse(printed) as Listing) : {};
}

function stated({ name, versions }: Listing[string][number], licence: string): string {
  return licence === 'Unknown' ? (STATED_ELSEWHERE[`${name} ${versions.join(', ')}`] ?? licence) : licence;
}

/** SPDX: one side of an `OR`, every side of an `AND`. */
function allowed(expression: string, list: readonly string[]): boolean {
  const bare = expression.replace(/[()]/g, '').trim();
  if (bare.includes(' OR ')) return bare.split(' OR ').some((one) => allowed(one, list));
  return bare.split(' AND ').every((one) => list.includes(one.trim()));
}
