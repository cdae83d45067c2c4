/** What can be completed, taken from the commands themselves, so that a script never knows another program than this. */
import type { Command, Option } from 'commander';

/** A command with its options and what stands below it. */
export interface CompletionNode {
  /** The words that lead to it, without the program's name: `key new`. Empty for the program. */
  readonly path: readonly string[];
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletionOption[];
  readonly commands: readonly CompletionNode[];
}

/** An option. */
export interface CompletionOption {
  /** With its dashes. */
  readonly long: string;
  readonly summary: string;
  readonly takesValue: boolean;
  /** The values there are, where they can be told. */
  readonly choices: readonly string[];
}

/** The tree of a program. */
export function completionTree(program: Command, path: readonly string[] = []): CompletionNode {
  return {
    path,
    name: program.name(),
    summary: program.summary() || program.description(),
    options: [...program.options.map(optionOf), HELP].filter((option) => option.long !== ''),
    commands: program.commands.map((command) => completionTree(command, [...path, command.name()])),
  };
}

/** Every node of a tree, the program first. */
export function allNodes(node: CompletionNode): readonly CompletionNode[] {
  return [node, ...node.commands.flatMap(allNodes)];
}

/** A summary as it may stand between quotes of any shell. */
export function quotable(text: string): string {
  return text.replace(/['"`$\\[\]:]/g, '').slice(0, 80);
}

const HELP: CompletionOption = { long: '--help', summary: 'show help', takesValue: false, choices: [] };

const SIGNATURES = ['HS256', 'HS384', 'HS512', 'RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'];

function optionOf({ long, description, argChoices, required, optional }: Option): CompletionOption {
  return {
    long: long ?? '',
    summary: description,
    takesValue: required || optional,
    choices: argChoices ?? (long === '--alg' ? SIGNATURES : []),
  };
}
