import { Command } from 'commander';
import { accessCommands } from './access-commands.ts';
import { auditCommands } from './audit-commands.ts';
import { examples, output, server, tokenFile, type Define, type Ended, type OutputFormat } from './definition.ts';
import type { ServerTarget } from './server-connection.ts';
import { exitCodeMeanings } from './exit-code.ts';
import { addConfigFlags, givenFlags, storeFlags } from './flags.ts';
import { defineGraph } from './graph-commands.ts';
import { defineFleet } from './fleet-commands.ts';
import { serverCommands } from './server-commands.ts';
import type { Surroundings } from './surroundings.ts';
import { tokenCommands } from './token-commands.ts';

const defineServe: Define = (program, surroundings, ended) => {
  addConfigFlags(
    program.command('serve').summary('run the server').description('Runs the server until it is told to end.'),
  )
    .option('--quiet', 'Print nothing but the log.')
    .addHelpText(
      'after',
      examples(
        ['callboard serve', 'what callboard.yaml or app-config.yaml says, else the demo organisation'],
        ['callboard serve --catalog ./services', 'every descriptor under a folder'],
        ["callboard serve --catalog 'teams/*/catalog-info.yaml'", 'a glob'],
        ['callboard serve --no-demo --port 8080', 'an empty catalog on another port'],
      ),
    )
    .action(async (values: { quiet?: boolean }, command: Command) => {
      const { startStoreThread } = await import('../store/store-thread.ts');
      const storeThread = startStoreThread();
      const { runServe } = await import('./serve.ts');
      const quiet = values.quiet === true;
      ended(await runServe({ flags: givenFlags(command), quiet, storeThread }, surroundings));
    });
};

const defineValidate: Define = (program, surroundings, ended) => {
  addConfigFlags(
    program.command('validate').summary('check catalog files').description('Checks descriptors without a server.'),
    [],
  )
    .argument('[paths...]', 'Files, folders and globs; without any, the locations of the configuration.')
    .addOption(output('text', 'json'))
    .addHelpText(
      'after',
      examples(
        ['callboard validate catalog-info.yaml', 'one file'],
        ['callboard validate ./services -o json', 'a folder, for a machine'],
        ["callboard validate 'teams/*/catalog-info.yaml' org.yaml", 'a glob and a file; their Locations are followed'],
      ),
    )
    .action(async (paths: readonly string[], values: { output: OutputFormat }, command: Command) => {
      const { runValidate } = await import('./validate.ts');
      ended(await runValidate({ paths, output: values.output, flags: givenFlags(command) }, surroundings));
    });
};

interface QueryValues extends ServerTarget {
  readonly catalog?: readonly string[];
  readonly explain?: boolean;
  readonly limit: string;
  readonly order?: string;
  readonly search?: string;
  readonly output: OutputFormat;
}

const defineQuery: Define = (program, surroundings, ended) => {
  program
    .command('query')
    .summary('find entities by an expression or a search')
    .description('Finds the entities for which a CEL expression is true, and counts those for which it is unknown.')
    .argument('[expression]', 'CEL over kind, metadata, spec, relations, facts, ref.')
    .option('--search <text>', 'Words and filters as the catalog page takes them, beside an expression or alone.')
    .addOption(server())
    .addOption(tokenFile())
    .option('--catalog <paths...>', 'Ask these files, folders and globs instead of a server.')
    .option('--explain', 'Show how the question is answered instead of the answer.')
    .option('--limit <number>', 'Entities to print at most; 0 counts only.', '100')
    .option('--order <path>', 'Sort by a dotted path, with :desc after it from the end, e.g. metadata.name:desc.')
    .addOption(output('text', 'json', 'yaml'))
    .addHelpText(
      'after',
      examples(
        ['callboard query \'kind == "Component" && spec.lifecycle == "production"\'', 'on the server of this machine'],
        ["callboard query --search 'owner:box-office -lifecycle:deprecated has:problems'", 'filters'],
        ["callboard query '!has(metadata.description)' --catalog ./services", 'without a server'],
        ['callboard query --explain \'spec.owner == "group:default/stage"\'', 'the plan, with counts'],
      ),
    )
    .action(async (expression: string | undefined, values: QueryValues) => {
      const { runQuery } = await import('./query.ts');
      ended(await runQuery({ expression, ...values }, surroundings));
    });
};

const defineDatabase: Define = (program, surroundings, ended) => {
  const group = program
    .command('db')
    .summary('back up, restore, move the database')
    .description('Works on the database.');
  const command = (name: string, description: string): Command =>
    addConfigFlags(group.command(name).description(description), storeFlags).addOption(output('text', 'json'));
  command('info', 'Says which database is configured, its revision and what it holds.')
    .addHelpText('after', examples(['callboard db info --data ./data', 'SQLite in a folder']))
    .action(async (values: { output: OutputFormat }, own: Command) => {
      const { runInfo } = await import('./database.ts');
      ended(await runInfo({ output: values.output, flags: givenFlags(own) }, surroundings));
    });
  command('backup', 'Writes the whole database to one file and verifies it. The server may run.')
    .argument('<file>', 'File to write, e.g. callboard.ndjson.gz.')
    .option('--force', 'Replace the file where it exists.')
    .addHelpText('after', examples(['callboard db backup backup.ndjson.gz', 'of the configured database']))
    .action(async (file: string, values: { output: OutputFormat; force?: boolean }, own: Command) => {
      const { runBackup } = await import('./database.ts');
      const force = values.force === true;
      ended(await runBackup({ file, force, output: values.output, flags: givenFlags(own) }, surroundings));
    });
  command('restore', 'Fills an empty database from a backup. Checks the whole file first.')
    .argument('<file>', 'File that `db backup` wrote, of either engine.')
    .addHelpText('after', examples(['callboard db restore backup.ndjson.gz --data ./new', 'into a new folder']))
    .action(async (file: string, values: { output: OutputFormat }, own: Command) => {
      const { runRestore } = await import('./database.ts');
      ended(await runRestore({ file, output: values.output, flags: givenFlags(own) }, surroundings));
    });
  command('migrate-to', 'Copies the whole database into another, empty one. Stop the server first.')
    .argument('<target>', 'postgres:// URL, or the data folder of a new SQLite database.')
    .addHelpText(
      'after',
      examples(
        [
          'callboard db migrate-to postgres://callboard@db/callboard',
          'from SQLite to PostgreSQL; password from PGPASSWORD',
        ],
        ['callboard db migrate-to ./data --database postgres://...', 'and back'],
      ),
    )
    .action(async (target: string, values: { output: OutputFormat }, own: Command) => {
      const { runMigrate } = await import('./database.ts');
      ended(await runMigrate({ target, output: values.output, flags: givenFlags(own) }, surroundings));
    });
};

const defineDoctor: Define = (program, surroundings, ended) => {
  addConfigFlags(
    program
      .command('doctor')
      .summary('look for what keeps the server from running well')
      .description('Checks this machine and the configuration; every finding comes with its fix.'),
  )
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard doctor', 'with the configuration that serve would take']))
    .action(async (values: { output: OutputFormat }, command: Command) => {
      const { runDoctor } = await import('./doctor.ts');
      ended(await runDoctor({ output: values.output, flags: givenFlags(command) }, surroundings));
    });
};

const defineVersion: Define = (program, surroundings, ended) => {
  program
    .command('version')
    .description('Prints the version.')
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard version -o json', 'with the versions of Node and the platform']))
    .action(async (values: { output: OutputFormat }) => {
      const { runVersion } = await import('./version.ts');
      ended(runVersion(values.output, surroundings));
    });
};

/**
 * The command line. Defining it loads no command: each is imported when it runs.
 *
 * @param ended is told the exit code of the command that ran
 */
export function createProgram(surroundings: Surroundings, ended: Ended): Command {
  const program = new Command('callboard')
    .description('The developer portal for Kubernetes fleets.')
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows how)')
    .configureHelp({ helpWidth: surroundings.columns })
    .configureOutput({
      writeOut: (text) => surroundings.out(text.trimEnd()),
      writeErr: (text) => surroundings.err(text.trimEnd()),
    });
  program.addHelpText(
    'after',
    `\nExit codes:\n${exitCodeMeanings.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}`,
  );
  const own = [defineServe, defineValidate, defineQuery];
  for (const define of [
    ...own,
    ...serverCommands,
    defineGraph,
    defineFleet,
    ...accessCommands,
    ...auditCommands,
    ...tokenCommands,
    defineDatabase,
    defineDoctor,
    defineVersion,
  ]) {
    define(program, surroundings, ended);
  }
  return program;
}
