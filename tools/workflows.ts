/**
 * GitHub's workflows run what was reviewed, and no more than that: actions pinned to a commit with its version beside it,
 * permissions by job, no expression inside a command (whoever opens a pull request chooses titles and branch names).
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { report } from './findings.ts';
import { root } from './turbo.ts';

interface Workflow {
  readonly on?: unknown;
  readonly permissions?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
  /** A composite action has these instead of jobs. */
  readonly runs?: Job;
}

interface Job {
  readonly permissions?: unknown;
  readonly uses?: string;
  readonly steps?: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
/** These run in the base repository, with its rights, on behalf of a stranger. */
const RISKY_EVENTS = /pull_request_target|workflow_run|issue_comment/;

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  packageManager: string;
};
const findings: string[] = [];
const files = globSync('.github/{workflows,actions/*}/*.{yml,yaml}', { cwd: root }).sort();
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  const say = (what: string): number => findings.push(`${file}: ${what}`);
  const { on, permissions, jobs = {}, runs } = parse(text) as Workflow;
  if (runs !== undefined) judgeSteps(runs, text, say);
  else {
    if (JSON.stringify(permissions) !== '{}') say('does not start from `permissions: {}`');
    if (RISKY_EVENTS.test(JSON.stringify(on)))
      say("starts on an event that gives a stranger's pull request or comment the repository's own rights");
  }
  for (const [name, job] of Object.entries(jobs)) judgeJob(name, job, text, say);
}
report(
  'workflows',
  findings,
  'Pin an action to the commit of its version (`git ls-remote --tags` of its repository) and write both; give each job the permissions it needs, one by one; hand values to commands in `env`.',
  `${files.length} workflows, every action pinned`,
);

function judgeJob(name: string, job: Job, text: string, say: (what: string) => void): void {
  const { permissions } = job;
  if (typeof permissions !== 'object' || permissions === null)
    say(
      `job ${name} has ${permissions === undefined ? 'no permissions' : `permissions: ${String(permissions)}`}: name each scope`,
    );
  if (job.uses !== undefined) judgeUse(job.uses, text, say);
  judgeSteps(job, text, say);
}

function judgeSteps({ steps = [] }: Job, text: string, say: (what: string) => void): void {
  for (const step of steps) {
    if (step.uses !== undefined) judgeUse(step.uses, text, say);
    for (const command of [step.run, step.with?.['script']]) {
      if (typeof command !== 'string') continue;
      const expression = /\$\{\{.*?\}\}/s.exec(command)?.[0];
      if (expression !== undefined) say(`puts ${expression} into a command; hand it over in \`env\``);
      for (const [pnpm] of command.matchAll(/pnpm@\S+/g))
        if (pnpm !== packageManager) say(`installs ${pnpm}, and package.json names ${packageManager}`);
    }
  }
}

function judgeUse(action: string, text: string, say: (what: string) => void): void {
  if (action.startsWith('./')) return;
  const line = text.split('\n').find((each) => each.includes(action));
  if (!PINNED.test(action) || !/ # v\d+\.\d+\.\d+$/.test(line ?? ''))
    say(`${action} is not pinned as \`owner/name@<40 hex digits> # v1.2.3\``);
}
