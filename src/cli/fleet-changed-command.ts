import { examples, output, server, tokenFile, type Define } from './definition.ts';
import type { FleetChangedRequest } from './fleet-changed.ts';

/** `callboard fleet changed` */
export const defineChanged: Define = (group, surroundings, ended) => {
  group
    .command('changed')
    .summary('show what changed before a moment, the likely cause first')
    .description(
      'Shows what happened in all clusters before a moment: configuration, images, rollouts, scalings, restarts, health. What ' +
        'probably caused that something went wrong then stands on top, with why.',
    )
    .option(
      '--at <moment>',
      'A time of day such as 12:18: the last such time, of today or yesterday; or a moment in ISO 8601. Default: now.',
    )
    .option('--entity <ref>', 'What happened to this entity, and to what it depends on, counts most.')
    .option('-c, --cluster <name>', 'Only in this cluster.')
    .option('--window <minutes>', 'How far back causes are looked for.', '60')
    .addOption(output('table', 'json', 'yaml'))
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText(
      'after',
      examples(
        ['callboard fleet changed', 'in the last hour'],
        ['callboard fleet changed --at 12:18', 'what changed at 12:18?'],
        ['callboard fleet changed --at 12:18 --entity box-office', 'to it, or to what it depends on'],
      ),
    )
    .action(async (values: FleetChangedRequest) => {
      const { runFleetChanged } = await import('./fleet-changed.ts');
      ended(await runFleetChanged(values, surroundings));
    });
};
