import { Option } from 'commander';
import type { Command } from 'commander';
import type { Flags } from '../config/load-config.ts';
import { optionNames, options } from '../config/options.ts';
import type { OptionName } from '../config/options.ts';

/** The flags that choose and place the database. */
export const storeFlags: readonly OptionName[] = ['data', 'database'];

/** Adds flags of the table of options to a command, with `--config`. */
export function addConfigFlags(command: Command, names: readonly OptionName[] = optionNames): Command {
  for (const name of names) {
    const { flag, description, byDefault, env } = options[name];
    if (flag === undefined) continue;
    command.addOption(new Option(flag, `${description} Default: ${byDefault}. (env: ${env.join(', ')})`));
  }
  return command.addOption(
    new Option(
      '--config <files...>',
      'Configuration file instead of callboard.yaml or app-config.yaml in the working folder. (env: CALLBOARD_CONFIG)',
    ),
  );
}

/** The flags that were given, by the name of their setting. */
export function givenFlags(command: Command): Flags {
  const values: Record<string, unknown> = command.opts();
  const flags: Record<string, unknown> = {};
  const take = (name: string, flag: string): void => {
    const attribute = new Option(flag).attributeName();
    if (command.getOptionValueSource(attribute) === 'cli') flags[name] = values[attribute];
  };
  for (const name of optionNames) {
    const { flag } = options[name];
    if (flag !== undefined) take(name, flag);
  }
  take('config', '--config <files...>');
  return flags as Flags;
}
