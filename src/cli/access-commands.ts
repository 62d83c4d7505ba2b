import type { Command } from 'commander';
import type { AccessRequest, CheckRequest } from './access.ts';
import { examples, serverCommand, type Define } from './definition.ts';

// Commands about what is allowed, over a running server.

const defineAccess: Define = (program, surroundings, ended) => {
  const group = program
    .command('access')
    .summary('say what is allowed, and what another policy would change')
    .description('Asks a running server about roles, bindings and decisions. Changes nothing.');
  const command = (name: string, description: string): Command => serverCommand(group, name, description);
  command('check', 'Says whether a permission is given, and why. Exit code 1 where it is denied.')
    .requiredOption('--permission <name>', 'Permission, such as catalog.entity.read.')
    .option('--principal <ref>', 'Of this user or service instead of yourself, such as user:default/jane.')
    .option('--entity <ref>', 'For this entity.')
    .option('--cluster <name>', 'For live objects in this cluster.')
    .option('--namespace <name>', 'For live objects in this namespace.')
    .addHelpText(
      'after',
      examples(
        ['callboard access check --permission catalog.location.create', 'may I register locations?'],
        [
          'callboard access check --principal user:jane --permission catalog.entity.read --entity component:lights',
          'why does Jane see it, or not?',
        ],
      ),
    )
    .action(async (values: CheckRequest) => {
      const { runAccessCheck } = await import('./access.ts');
      ended(await runAccessCheck(values, surroundings));
    });
  command('policy', 'Shows roles and bindings, where they come from, and what is wrong with them.')
    .addHelpText('after', examples(['callboard access policy -o json', 'with permissions, for a machine']))
    .action(async (values: AccessRequest) => {
      const { runAccessPolicy } = await import('./access.ts');
      ended(await runAccessPolicy(values, surroundings));
    });
  command(
    'preview',
    'Says who would gain and lose what if a policy file were in force. Exit code 1 where it cannot be.',
  )
    .argument('<file>', 'Policy file.')
    .addHelpText('after', examples(['callboard access preview access.yaml', 'before it is put in place']))
    .action(async (file: string, values: AccessRequest) => {
      const { runAccessPreview } = await import('./access-preview.ts');
      ended(await runAccessPreview({ ...values, file }, surroundings));
    });
};

/** The commands about what is allowed. */
export const accessCommands: readonly Define[] = [defineAccess];
