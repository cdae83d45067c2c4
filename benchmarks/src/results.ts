/** Where results are kept: JSON for programs, a chart for people. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

/** On what was measured, and how busy it was with other things. */
export interface Machine {
  readonly node: string;
  readonly cpu: string | undefined;
  readonly cores: number;
  /** The load of the minute before the measurement began. */
  readonly load: number;
}

/** What is to be reached, and what was. */
export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

const FOLDER = join(import.meta.dirname, '..', 'results');

export function machine(): Machine {
  const [load = 0] = loadavg();
  return {
    node: process.versions.node,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    load: Math.round(load * 10) / 10,
  };
}

/** Writes a result under its name. */
export function keep(name: string, result: object): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
}

export function keepChart(name: string, svg: string): void {
  writeFileSync(join(FOLDER, `${name}.svg`), svg);
}

/** Reads a result that was kept. */
export function kept<Result>(name: string): Result {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Result;
}

/** Says of each goal whether it is met. */
export function printGoals(goals: readonly Goal[]): void {
  for (const { what, goal, measured, met } of goals)
    console.log(`  ${met ? 'met    ' : 'NOT MET'} ${what}: ${measured} (goal: ${goal})`);
}
