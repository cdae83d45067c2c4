/** What can be completed, taken from the commands themselves, so that a script never knows another program than this. */
import { SIGNATURE_ALGORITHMS } from '@tokenwright/jwt';
import type { Argument, Command, Option } from 'commander';
import { SECRET_FORMS } from '../input/secret.js';

/** A command with its options and what stands below it. */
export interface CompletionNode {
  /** The words that lead to it, without the program's name: `key new`. Empty for the program. */
  readonly path: readonly string[];
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletionOption[];
  /** What its arguments take, each kind once. */
  readonly values: readonly CompletionValue[];
  readonly commands: readonly CompletionNode[];
}

/** An option. */
export interface CompletionOption {
  /** With its dashes. */
  readonly long: string;
  readonly summary: string;
  /** What it takes; undefined for one that stands alone. */
  readonly value: CompletionValue | undefined;
}

/** What an option or an argument takes. */
export type CompletionValue =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** A file by its name, or a folder. */
  | { readonly kind: 'file' | 'folder' }
  /** `@FILE` or `env:NAME`, alone or behind a form of secret. */
  | { readonly kind: 'key' }
  /** `@FILE` or `-`. */
  | { readonly kind: 'token' }
  /** What nobody can guess. */
  | { readonly kind: 'text' };

/** The tree of a program. */
export function completionTree(program: Command, path: readonly string[] = []): CompletionNode {
  return {
    path,
    name: program.name(),
    summary: program.summary() || program.description(),
    options: [...program.options.map(optionOf), HELP].filter((option) => option.long !== ''),
    values: program.registeredArguments.map(argumentOf),
    commands: program.commands.map((command) => completionTree(command, [...path, command.name()])),
  };
}

/** Every node of a tree, the program first. */
export function allNodes(node: CompletionNode): readonly CompletionNode[] {
  return [node, ...node.commands.flatMap(allNodes)];
}

/** The options that take a value, each name once: no two commands give one name two meanings. */
export function valuedOptions(tree: CompletionNode): ReadonlyMap<string, CompletionValue> {
  const all = allNodes(tree).flatMap(({ options }) => options);
  return new Map(all.flatMap(({ long, value }) => (value === undefined ? [] : [[long, value]])));
}

/** A summary as it may stand between quotes of any shell. */
export function quotable(text: string): string {
  return text.replace(/['"`$\\[\]:]/g, '').slice(0, 80);
}

/** The forms of a key that something follows, and the one that stands alone. */
export const KEY_FORMS: readonly string[] = [
  '@',
  'env:',
  ...SECRET_FORMS.flatMap((form) => [`${form}:@`, `${form}:env:`]),
  'prompt',
  '-',
];

const HELP: CompletionOption = { long: '--help', summary: 'show help', value: undefined };

function optionOf({ long, flags, description, argChoices, required, optional }: Option): CompletionOption {
  const [, placeholder = ''] = /[<[](.+?)[>\]]/.exec(flags) ?? [];
  return {
    long: long ?? '',
    summary: description,
    value: required || optional ? valueFor(long === '--alg' ? 'alg' : placeholder, argChoices) : undefined,
  };
}

function argumentOf(argument: Argument): CompletionValue {
  return valueFor(argument.name(), argument.argChoices);
}

/** What is taken where the help says so. */
function valueFor(placeholder: string, choices: readonly string[] | undefined): CompletionValue {
  if (choices !== undefined) return { kind: 'words', words: choices };
  switch (placeholder) {
    case 'alg':
      return { kind: 'words', words: SIGNATURE_ALGORITHMS };
    case 'key':
    case 'file':
    case 'folder':
    case 'token':
      return { kind: placeholder };
    case 'json':
      return { kind: 'token' };
    default:
      return { kind: 'text' };
  }
}
