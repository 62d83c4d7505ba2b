// docs/reference/cli.md, from the command line's own definition.
import type { Command } from 'commander';
import { exitCodeMeanings } from '../src/cli/exit-code.ts';
import { createProgram } from '../src/cli/program.ts';
import type { Surroundings } from '../src/cli/surroundings.ts';
import { systemClock } from '../src/base/clock.ts';

const nothing = (): void => undefined;

/** Surroundings in which only help is asked for. */
const surroundings: Surroundings = {
  cwd: '/',
  env: {},
  clock: systemClock,
  terminal: false,
  columns: 110,
  serveCommand: 'callboard serve',
  out: nothing,
  err: nothing,
  input: () => Promise.resolve(''),
  onEndSignal: () => nothing,
  exit: nothing,
};

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text.trimEnd();
}

function section(command: Command, path: string): string {
  const name = `${path} ${command.name()}`.trim();
  const own = `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`;
  return [own, ...command.commands.map((child) => section(child, name))].join('\n');
}

/** The page. */
export function commandReference(): string {
  const program = createProgram(surroundings, nothing);
  const codes = exitCodeMeanings.map(([code, meaning]) => `| ${code} | ${meaning} |`).join('\n');
  return `# Commands

Generated from \`src/cli/program.ts\` by \`npm run reference\`.

In a clone \`npm start -- <flags>\` is \`callboard serve <flags>\`; every other command is \`npm run callboard -- <command>\`
there. The answer of a command goes to standard output, everything else to standard error.

| exit code | meaning |
| --- | --- |
${codes}

A signal (\`SIGINT\`, \`SIGTERM\`, \`SIGHUP\`) closes the server in order, exit code 0; a second one ends it at once, exit code
130 or 143.

${program.commands.map((command) => section(command, 'callboard')).join('\n')}`;
}
