import { Option } from 'commander';
import type { ChangesCommand } from './changes.ts';
import { examples, output, server, tokenFile, type Define, type OutputFormat } from './definition.ts';
import type { FindRequest } from './find.ts';
import type { ProblemsRequest } from './problems.ts';
import type { ServerTarget } from './server-connection.ts';

// Commands that ask a running server, and work it.

interface ServerValues extends ServerTarget {
  readonly output: OutputFormat;
}

const defineFind: Define = (program, surroundings, ended) => {
  program
    .command('find')
    .summary('find entities by name, title and what is said of them')
    .description('Finds entities by what people type, the best match first; your own come first among equal ones.')
    .argument('<words...>', 'Words, beginnings of words, or an entity ref; all must be found.')
    .option('--kind <kinds...>', 'Only of these kinds.')
    .option('--search <text>', 'Only among these: words and filters as the catalog page takes them.')
    .option('--limit <number>', 'Entities to print at most, up to 50.', '20')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText(
      'after',
      examples(
        ['callboard find tick desk', 'whatever is called so, such as ticket-desk'],
        ['callboard find lights --kind api', 'of one kind'],
        ["callboard find seat --search 'owner:box-office -lifecycle:deprecated'", 'among what a team owns'],
      ),
    )
    .action(async (words: readonly string[], values: Omit<FindRequest, 'words'>) => {
      const { runFind } = await import('./find.ts');
      ended(await runFind({ ...values, words }, surroundings));
    });
};

const defineSources: Define = (program, surroundings, ended) => {
  program
    .command('sources')
    .summary('show how fresh the sources are')
    .description('Shows every collector and source: when it was looked at, when it is again, and the last error.')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard sources', 'of the server of this machine']))
    .action(async (values: ServerValues) => {
      const { runSources } = await import('./sources.ts');
      ended(await runSources(values, surroundings));
    });
};

const defineRefresh: Define = (program, surroundings, ended) => {
  program
    .command('refresh')
    .summary('look again at an entity or a location')
    .description('Has the server look again now, waits for it, and says what changed.')
    .argument('<what>', 'Entity ref with its kind, location ref, or id of a source.')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText(
      'after',
      examples(
        ['callboard refresh component:default/lights', 'where an entity comes from'],
        ['callboard refresh file:/srv/catalog', 'all of a source'],
      ),
    )
    .action(async (what: string, values: ServerValues) => {
      const { runRefresh } = await import('./refresh.ts');
      ended(await runRefresh({ ...values, what }, surroundings));
    });
};

interface AddValues extends ServerValues {
  readonly type: string;
  readonly optional?: boolean;
  readonly dryRun?: boolean;
}

const defineLocations: Define = (program, surroundings, ended) => {
  const group = program
    .command('locations')
    .summary('register locations, take them back, list them')
    .description('Works on the locations that are registered at a running server; configured ones are not touched.');
  group
    .command('add')
    .description('Registers a location, and says what came of it.')
    .argument('<url>', 'http(s) URL of a descriptor, or of a repository.')
    .addOption(new Option('--type <type>', 'What is at the URL.').choices(['url', 'git']).default('url'))
    .option('--optional', 'It is no problem that there is nothing.')
    .option('--dry-run', 'Say what would be added, and store nothing.')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText(
      'after',
      examples(
        ['callboard locations add https://git.example.com/stage/catalog-info.yaml --dry-run', 'a preview'],
        ['callboard locations add https://git.example.com/stage/lights --type git', 'a repository'],
      ),
    )
    .action(async (target: string, { optional = false, dryRun = false, ...values }: AddValues) => {
      const { runAddLocation } = await import('./locations.ts');
      ended(await runAddLocation({ ...values, target, optional, dryRun }, surroundings));
    });
  group
    .command('remove')
    .description('Takes a registered location back, with all that came from it alone.')
    .argument('<location>', 'Its id or its URL.')
    .option('--dry-run', 'Say what would go, and remove nothing.')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText(
      'after',
      examples(['callboard locations remove https://git.example.com/stage/catalog-info.yaml --dry-run', 'a preview']),
    )
    .action(async (location: string, { dryRun = false, ...values }: ServerValues & { readonly dryRun?: boolean }) => {
      const { runRemoveLocation } = await import('./locations.ts');
      ended(await runRemoveLocation({ ...values, location, dryRun }, surroundings));
    });
  group
    .command('list')
    .description('Lists what is registered.')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard locations list', 'ids, types, targets']))
    .action(async (values: ServerValues) => {
      const { runListLocations } = await import('./locations.ts');
      ended(await runListLocations(values, surroundings));
    });
};

const defineProblems: Define = (program, surroundings, ended) => {
  program
    .command('problems')
    .summary('show what is wrong with the declared catalog')
    .description('Shows problems with file, line, field and fix: errors first, then by location and line.')
    .option('--owner <ref>', 'Only of entities that this group or user owns; without a kind it is a group.')
    .option('--location <ref>', 'Only of this location, such as file:/srv/catalog/desk.yaml.')
    .option('--source <id>', 'Only of this source.')
    .option('--entity <ref>', 'Only of this entity.')
    .addOption(new Option('--severity <severity>', 'Only of this severity.').choices(['error', 'warning']))
    .option('--limit <number>', 'Problems to print at most.', '100')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText(
      'after',
      examples(
        ['callboard problems --owner stage', 'what the group stage has to mend'],
        ['callboard problems --severity error -o json', 'for a machine'],
      ),
    )
    .action(async (values: ProblemsRequest) => {
      const { runProblems } = await import('./problems.ts');
      ended(await runProblems(values, surroundings));
    });
};

const defineHistory: Define = (program, surroundings, ended) => {
  program
    .command('history')
    .summary('show what changed in an entity')
    .description('Shows what changed in an entity, when, and from which location and commit; newest first.')
    .argument('<entity>', 'Entity ref with its kind.')
    .option('--limit <number>', 'Changes to print at most.', '20')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard history component:default/lights', 'the last twenty changes']))
    .action(async (entity: string, values: ServerValues & { readonly limit: string }) => {
      const { runHistory } = await import('./history.ts');
      ended(await runHistory({ ...values, entity }, surroundings));
    });
};

const defineChanges: Define = (program, surroundings, ended) => {
  program
    .command('changes')
    .summary('show what changed lately in the catalog')
    .description('Shows which descriptors changed, newest first; what one reading changed stands together.')
    .option('--owner <refs...>', 'Only what one of these groups or users owns; without a kind it is a group.')
    .option('--dependencies', 'Also what that depends on directly.')
    .option('--search <text>', 'Only these: words and filters as the catalog page takes them.')
    .option('--where <expression>', 'Only entities for which this condition in CEL holds now.')
    .option('--since <span>', 'Only in this span, such as 24h or 7d, or since a moment.')
    .option('--limit <number>', 'Readings to print at most.', '20')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText(
      'after',
      examples(
        ['callboard changes --since 24h', 'of a day'],
        ['callboard changes --owner box-office --dependencies', 'of a team, and of what it stands on'],
      ),
    )
    .action(async (values: ChangesCommand) => {
      const { runChanges } = await import('./changes.ts');
      ended(await runChanges(values, surroundings));
    });
};

/** The commands that ask a running server. */
export const serverCommands: readonly Define[] = [
  defineFind,
  defineSources,
  defineRefresh,
  defineLocations,
  defineProblems,
  defineHistory,
  defineChanges,
];
