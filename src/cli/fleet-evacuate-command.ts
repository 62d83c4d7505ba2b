import { examples, output, server, tokenFile, type Define } from './definition.ts';
import type { FleetEvacuateRequest } from './fleet-evacuate.ts';

/** `callboard fleet evacuate`. */
export const defineEvacuate: Define = (group, surroundings, ended) => {
  group
    .command('evacuate')
    .summary('show what would be lost if clusters vanished now')
    .description(
      'Shows what runs nowhere else, what goes on with less and whether autoscalers would make up for it, data and ways in. ' +
        'Nothing is changed.',
    )
    .argument('[clusters...]', 'Names of clusters.')
    .option('-l, --label <selector>', 'The clusters with these labels, e.g. region=eu.')
    .addOption(output('table', 'json', 'yaml'))
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText(
      'after',
      examples(
        ['callboard fleet evacuate prod-eu-1', 'one cluster'],
        ['callboard fleet evacuate --label region=eu', 'a region'],
      ),
    )
    .action(async (clusters: readonly string[], values: Omit<FleetEvacuateRequest, 'clusters'>) => {
      const { runFleetEvacuate } = await import('./fleet-evacuate.ts');
      ended(await runFleetEvacuate({ ...values, clusters }, surroundings));
    });
};
