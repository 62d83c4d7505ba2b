import { Option, type Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { Surroundings } from './surroundings.ts';

/** How a command prints its answer. */
export type OutputFormat = 'text' | 'json' | 'yaml';

/** Is told the exit code of the command that ran. */
export type Ended = (code: ExitCode) => void;

/** Adds one command, or a group of them, to the program. It loads nothing of what the command does. */
export type Define = (program: Command, surroundings: Surroundings, ended: Ended) => void;

/** The option that says how the answer is printed: in the first of these formats where nothing is said. */
export function output(usual: string, ...others: readonly string[]): Option {
  return new Option('-o, --output <format>', 'How to print the answer.').choices([usual, ...others]).default(usual);
}

/** The option that says which server is asked. */
export function server(): Option {
  return new Option('--server <url>', 'Server to ask.').default('http://localhost:7007').env('CALLBOARD_SERVER');
}

/** The option that says where the token is that the server is asked with. */
export function tokenFile(): Option {
  return new Option('--token-file <file>', 'File with the token to ask with; without it, CALLBOARD_TOKEN holds it.');
}

/** Adds a command that asks a server and answers as text or JSON to a group. */
export function serverCommand(group: Command, name: string, description: string): Command {
  return group
    .command(name)
    .description(description)
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'));
}

/** Examples for the end of a command's help. */
export function examples(...lines: readonly (readonly [command: string, meaning: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return ['', 'Examples:', ...lines.map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}`)].join('\n');
}
