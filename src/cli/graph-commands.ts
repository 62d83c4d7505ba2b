import { Option } from 'commander';
import { examples, output, server, tokenFile, type Define } from './definition.ts';
import type { DependentsRequest, GraphRequest, PathRequest } from './graph.ts';

const relation = (): Option => new Option('--relation <types...>', 'Only edges of these types, such as dependsOn.');

/** The command that asks a running server for the graph of relations. */
export const defineGraph: Define = (program, surroundings, ended) => {
  // Its own options and those of its subcommands have the same names: where they stand tells which are meant.
  const group = program
    .enablePositionalOptions()
    .command('graph')
    .enablePositionalOptions()
    .summary('show what stands around an entity')
    .description('Shows the edges around an entity, as a table or as the text of a picture.')
    .argument('<entity>', 'Entity ref with its kind.')
    .addOption(new Option('--depth <number>', 'Edges from the entity.').choices(['1', '2', '3']).default('1'))
    .addOption(new Option('--direction <side>', 'out: what it needs; in: what needs it.').choices(['in', 'out']))
    .addOption(relation())
    .addOption(new Option('--fold <by>', 'Show what belongs together as one.').choices(['system', 'domain', 'owner']))
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json', 'mermaid', 'dot'))
    .addHelpText(
      'after',
      examples(
        ['callboard graph component:default/lights', 'the edges of one component'],
        ['callboard graph system:default/house --fold system -o mermaid', 'which systems it needs, as a picture'],
      ),
    )
    .action(async (entity: string, values: Omit<GraphRequest, 'entity'>) => {
      const { runGraph } = await import('./graph.ts');
      ended(await runGraph({ ...values, entity }, surroundings));
    });
  group
    .command('dependents')
    .description('Lists what feels it when an entity fails, over any number of edges; nearest first.')
    .argument('<entity>', 'Entity ref with its kind.')
    .addOption(
      new Option('--direction <side>', 'out: what the entity needs instead.').choices(['in', 'out']).default('in'),
    )
    .option('--depth <number>', 'Edges from the entity at most, up to 64.')
    .addOption(relation())
    .option('--limit <number>', 'Entities to print at most.', '100')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard graph dependents resource:default/ledger', 'what breaks with it']))
    .action(async (entity: string, values: Omit<DependentsRequest, 'entity'>) => {
      const { runDependents } = await import('./graph.ts');
      ended(await runDependents({ ...values, entity }, surroundings));
    });
  group
    .command('path')
    .description('Finds the shortest ways between two entities, over edges in either direction.')
    .argument('<from>', 'Entity ref with its kind.')
    .argument('<to>', 'Entity ref with its kind.')
    .addOption(relation())
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard graph path component:web resource:ledger', 'how they hang together']))
    .action(async (from: string, to: string, values: Omit<PathRequest, 'from' | 'to'>) => {
      const { runPath } = await import('./graph.ts');
      ended(await runPath({ ...values, from, to }, surroundings));
    });
};
