import { examples, output, server, tokenFile, type Define } from './definition.ts';
import type { FleetUnclaimedRequest } from './fleet-unclaimed.ts';

/** `callboard fleet unclaimed`. */
export const defineUnclaimed: Define = (group, surroundings, ended) => {
  group
    .command('unclaimed')
    .summary('show what runs and is in no catalog, or the other way round')
    .description(
      'Shows workloads that no entity claims, with who probably owns them. As YAML they are the descriptors that would claim them, ' +
        'to be looked over and put into a repository. Nothing is changed.',
    )
    .option('--missing', 'Entities that should run somewhere and of which nothing runs, instead.')
    .option('-n, --namespace <names...>', 'Only in these namespaces.')
    .option('-c, --cluster <names...>', 'Only of these clusters.')
    .option('-q, --query <text>', 'Only with this text in the name, the namespace or an image.')
    .addOption(output('table', 'json', 'yaml'))
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText(
      'after',
      examples(
        ['callboard fleet unclaimed', 'what nobody registered'],
        ['callboard fleet unclaimed -n shop -o yaml > catalog-info.yaml', 'descriptors for it'],
        ['callboard fleet unclaimed --missing', 'what nobody deployed'],
      ),
    )
    .action(async (values: FleetUnclaimedRequest) => {
      const { runFleetUnclaimed } = await import('./fleet-unclaimed.ts');
      ended(await runFleetUnclaimed(values, surroundings));
    });
};
