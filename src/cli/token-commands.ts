import type { Command } from 'commander';
import { examples, serverCommand, type Define } from './definition.ts';
import type { EndTokenRequest, MakeTokenRequest, TokensRequest } from './tokens.ts';

// Commands of tokens, over a running server.

const defineTokens: Define = (program, surroundings, ended) => {
  const group = program
    .command('tokens')
    .summary('list and end tokens, and make those of services')
    .description(
      'Works on the tokens of a running server. Tokens of your own are made in the settings, when you are signed in.',
    );
  const command = (name: string, description: string): Command => serverCommand(group, name, description);
  command('list', 'Lists your tokens, newest first, without what opens them.')
    .option('--all', 'List those of everybody.')
    .addHelpText('after', examples(['callboard tokens list --all', 'who has which, and when it was last used']))
    .action(async (values: TokensRequest) => {
      const { runListTokens } = await import('./tokens.ts');
      ended(await runListTokens(values, surroundings));
    });
  command('make', 'Makes a token for a service, and prints it.')
    .requiredOption('--service <name>', 'Name of the service; roles are bound to service:default/<name>.')
    .requiredOption('--name <text>', 'What the token is for.')
    .option('--days <number>', 'Days until it ends.', '30')
    .option('--scope <patterns...>', 'Only these permissions or patterns of them, such as catalog.*.read.')
    .addHelpText(
      'after',
      examples([
        "callboard tokens make --service report --name nightly --scope 'catalog.*.read' > token",
        'a token that only reads',
      ]),
    )
    .action(async (values: MakeTokenRequest) => {
      const { runMakeToken } = await import('./tokens.ts');
      ended(await runMakeToken(values, surroundings));
    });
  command('end', 'Ends a token: it is refused from now on.')
    .argument('<token>', 'Its id, or its first characters as lists show them.')
    .option('--all', 'Look among those of everybody.')
    .addHelpText('after', examples(['callboard tokens end cb_7fK2', 'one of your own']))
    .action(async (token: string, values: Omit<EndTokenRequest, 'token'>) => {
      const { runEndToken } = await import('./tokens.ts');
      ended(await runEndToken({ ...values, token }, surroundings));
    });
};

/** The commands of tokens. */
export const tokenCommands: readonly Define[] = [defineTokens];
