import { Option } from 'commander';
import { examples, output, server, tokenFile, type Define } from './definition.ts';
import { defineChanged } from './fleet-changed-command.ts';
import { defineEvacuate } from './fleet-evacuate-command.ts';
import type { FleetGetRequest } from './fleet-get.ts';
import type { FleetSearchRequest } from './fleet-search.ts';
import type { FleetStatusRequest } from './fleet-status.ts';
import { defineUnclaimed } from './fleet-unclaimed-command.ts';
import { defineWhy } from './fleet-why-command.ts';
import type { FleetWhereRequest } from './fleet-where.ts';

// Commands that ask a running server about the clusters.

const clusters = new Option('-c, --cluster <names...>', 'Only of these clusters.');

/** `callboard fleet`: the clusters and what is in them. */
export const defineFleet: Define = (program, surroundings, ended) => {
  const group = program
    .command('fleet')
    .summary('show the clusters, and find objects in all of them')
    .description('Asks a running server about the clusters that it reads. Nothing in a cluster is changed.');
  group
    .command('status')
    .summary('show how each cluster is read')
    .description('Shows how each cluster is read, the worst first, with the reason and what time the shown is of.')
    .option('--watch', 'Go on, and print clusters again when they change, until interrupted.')
    .addOption(output('table', 'json', 'yaml', 'name'))
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText(
      'after',
      examples(
        ['callboard fleet status', 'all clusters'],
        ['callboard fleet status --watch', 'and what becomes of them'],
      ),
    )
    .action(async (values: FleetStatusRequest) => {
      const { runFleetStatus } = await import('./fleet-status.ts');
      ended(await runFleetStatus(values, surroundings));
    });
  group
    .command('where')
    .summary('show where an entity runs, and how it does there')
    .description('Shows the workloads of an entity in every cluster with their health, the worst first.')
    .argument('<entity>', 'Ref of the entity; a component where it names no kind.')
    .addOption(output('table', 'json', 'yaml'))
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText('after', examples(['callboard fleet where box-office', 'in every cluster']))
    .action(async (entity: string, values: Omit<FleetWhereRequest, 'entity'>) => {
      const { runFleetWhere } = await import('./fleet-where.ts');
      ended(await runFleetWhere({ ...values, entity }, surroundings));
    });
  defineEvacuate(group, surroundings, ended);
  defineWhy(group, surroundings, ended);
  defineChanged(group, surroundings, ended);
  defineUnclaimed(group, surroundings, ended);
  defineFinding(group, surroundings, ended);
};

/** `callboard fleet search` and `get`. */
const defineFinding: Define = (group, surroundings, ended) => {
  group
    .command('search')
    .summary('find objects by a piece of text')
    .description(
      'Finds text in the names, namespaces, images, nodes, labels and reasons of the objects of all clusters.',
    )
    .argument('<words...>', 'Pieces of text, all of which must be found in one object.')
    .option('--kind <kinds...>', 'Only of these kinds, as kubectl names them.')
    .addOption(clusters)
    .option('--limit <number>', 'Objects to print at most, up to 1,000.', '50')
    .addOption(output('table', 'json', 'yaml', 'name'))
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText(
      'after',
      examples(
        ['callboard fleet search box-office:1.4.2', 'where an image runs'],
        ['callboard fleet search CrashLoopBackOff --kind pods', 'what does not start'],
      ),
    )
    .action(async (words: readonly string[], values: Omit<FleetSearchRequest, 'words'>) => {
      const { runFleetSearch } = await import('./fleet-search.ts');
      ended(await runFleetSearch({ ...values, words }, surroundings));
    });
  group
    .command('get')
    .summary('list objects of all clusters')
    .description('Lists objects of all clusters as `kubectl get` lists those of one.')
    .argument('<kinds>', 'Kinds as kubectl names them, joined by commas: pods, deploy, rollouts.argoproj.io.')
    .argument('[name]', 'Only with exactly this name.')
    .option('-n, --namespace <names...>', 'Only in these namespaces.')
    .addOption(clusters)
    .option('-l, --selector <selector>', 'Only objects with these labels, e.g. app=box-office,tier!=test.')
    .option('--cluster-selector <selector>', 'Only of clusters with these labels, e.g. environment=prod.')
    .option('--field-selector <comparisons>', 'Only with these columns, e.g. reason=CrashLoopBackOff,restarts>5.')
    .option('--sort <column>', 'Sort by a column of the kind; - before it turns it round.')
    .option('--limit <number>', 'Objects to print at most.', '500')
    .addOption(output('table', 'wide', 'json', 'yaml', 'name'))
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText(
      'after',
      examples(
        ['callboard fleet get pods -n box-office', 'in every cluster'],
        ["callboard fleet get pods --field-selector 'restarts>5' --sort -restarts", 'the worst first'],
        ['callboard fleet get deploy --cluster-selector environment=prod -o wide', 'with their images'],
      ),
    )
    .action(async (kinds: string, name: string | undefined, values: Omit<FleetGetRequest, 'kinds' | 'name'>) => {
      const { runFleetGet } = await import('./fleet-get.ts');
      ended(await runFleetGet({ ...values, kinds, ...(name !== undefined && { name }) }, surroundings));
    });
};
