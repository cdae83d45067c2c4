import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PINNED, Workspace } from './workspace.ts';

const workflow = (step: string, { on = 'push', top = '{}', job = '{ contents: read }' } = {}): string =>
  `on: ${on}\npermissions: ${top}\njobs:\n  test:\n    permissions: ${job}\n    steps:\n      - ${step}\n`;
const expression = (name: string): string => `\${{ ${name} }}`;
const GOOD = `uses: ${PINNED}`;

const BREAKS: readonly [what: string, text: string, said: string][] = [
  ['an action by its tag', workflow('uses: actions/checkout@v7'), 'actions/checkout@v7 is not pinned'],
  ['a commit without its version', workflow(GOOD.replace(/ #.*/, '')), 'is not pinned'],
  ['a name in quotes, by its tag', workflow('"uses": "actions/checkout@v7"'), 'is not pinned'],
  ['permissions for all', workflow(GOOD, { top: 'write-all' }), 'does not start from `permissions: {}`'],
  ['a job with permissions for all', workflow(GOOD, { job: 'write-all' }), 'permissions: write-all'],
  [
    'a job without permissions',
    workflow(GOOD).replace('    permissions: { contents: read }\n', ''),
    'has no permissions',
  ],
  [
    'a title in a command',
    workflow(`run: echo ${expression('github.event.pull_request.title')}`),
    'hand it over in `env`',
  ],
  [
    'a branch name in a command of several lines',
    workflow(`run: |\n          set -e\n          echo ${expression('\n            github.head_ref')}`),
    'hand it over in `env`',
  ],
  [
    'a comment in a script',
    workflow(`${GOOD}\n        with:\n          script: log(${expression('github.event.comment.body')})`),
    'hand it over in `env`',
  ],
  [
    'an event with the rights of the repository',
    workflow(GOOD, { on: '{ pull_request_target: {} }' }),
    "a stranger's pull request",
  ],
  [
    'another pnpm',
    workflow('run: npm install --global pnpm@1.2.4'),
    'installs pnpm@1.2.4, and package.json names pnpm@1.2.3',
  ],
];

describe('workflows', () => {
  it('are in order when actions are pinned and permissions given job by job', () => {
    expect(new Workspace().check('workflows')).toMatchObject({ passed: true });
  });

  describe.each(['yml', 'yaml'])('in a .%s file', (extension) => {
    it.each(BREAKS)('are refused with %s', (_what, text, said) => {
      const outcome = new Workspace({ [`.github/workflows/other.${extension}`]: text }).check('workflows');
      expect(outcome.passed).toBe(false);
      expect(outcome.said).toContain(`.github/workflows/other.${extension}: `);
      expect(outcome.said).toContain(said);
    });
  });

  it('are refused with an action of the repository that is not pinned itself', () => {
    const action = 'runs:\n  using: composite\n  steps:\n    - uses: actions/checkout@main\n';
    const outcome = new Workspace({ '.github/actions/own/action.yml': action }).check('workflows');
    expect(outcome).toMatchObject({ passed: false, said: expect.stringContaining('is not pinned') });
  });
});

describe('the workflows of this repository', () => {
  const job = (file: string, name: string): Job =>
    (
      parse(readFileSync(join(import.meta.dirname, '../../.github/workflows', file), 'utf8')) as {
        jobs: Record<string, Job>;
      }
    ).jobs[name] as Job;

  it('publish only what has passed all that CI runs, in a job that could not have published it', () => {
    const gate = job('release.yml', 'publish').needs;
    expect(gate).toBe('everything');
    const { permissions, steps } = job('release.yml', gate);
    expect(permissions).toEqual({ contents: 'read' });
    expect(steps.map(({ run }) => run)).toContain('.ci/run');
  });

  it('excuse the version pull request from a changeset, and no branch of a fork that is named like it', () => {
    const condition = job('ci.yml', 'changeset').if;
    expect(condition).toContain('head.repo.full_name == github.repository');
  });
});

interface Job {
  readonly if: string;
  readonly needs: string;
  readonly permissions: object;
  readonly steps: readonly { readonly run?: string }[];
}
