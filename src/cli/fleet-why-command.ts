import { examples, output, server, tokenFile, type Define } from './definition.ts';
import type { FleetWhyRequest } from './fleet-why.ts';

/** `callboard fleet why`. */
export const defineWhy: Define = (group, surroundings, ended) => {
  group
    .command('why')
    .summary('show why an entity does not do well, and what to do')
    .description(
      'Shows how an entity does, what is wrong with its workloads in all clusters with what to do about it, the incidents that it is ' +
        'part of, and what changed just before. Nothing is changed.',
    )
    .argument('<entity>', 'Ref of the entity; a component where it names no kind.')
    .option('--notices', 'Also what does not fail yet: limits, versions, budgets.')
    .addOption(output('text', 'json', 'yaml'))
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText('after', examples(['callboard fleet why box-office', 'in every cluster']))
    .action(async (entity: string, values: Omit<FleetWhyRequest, 'entity'>) => {
      const { runFleetWhy } = await import('./fleet-why.ts');
      ended(await runFleetWhy({ ...values, entity }, surroundings));
    });
};
