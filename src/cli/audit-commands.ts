import { Option, type Command } from 'commander';
import type { AuditExportRequest, AuditListRequest, AuditVerifyRequest } from './audit.ts';
import { examples, output, server, tokenFile, type Define, type OutputFormat } from './definition.ts';
import type { ServerTarget } from './server-connection.ts';

// Commands of the audit log and of secrets, over a running server.

/** Adds the options that choose records. */
function filters(command: Command): Command {
  return command
    .option('--actor <ref>', 'Only what this principal did, such as user:default/jane.')
    .option('--action <action>', 'Only this action; with * at its end all that begin so.')
    .option('--target <target>', 'Only what was done to this.')
    .addOption(
      new Option('--outcome <outcome>', 'Only what ended so.').choices([
        'success',
        'denied',
        'failure',
        'pending',
        'unknown',
      ]),
    )
    .option('--from <moment>', 'Not before this moment, such as 2026-11-22T09:00:00Z.')
    .option('--until <moment>', 'Before this moment.')
    .option('--text <text>', 'Only records in which this text stands.');
}

const defineAudit: Define = (program, surroundings, ended) => {
  const group = program
    .command('audit')
    .summary('show, export and verify the audit log')
    .description('Works on the audit log of a running server: who did what, when, from where, with what result.');
  filters(group.command('list').description('Lists records, newest first.'))
    .option('--limit <number>', 'Records to print at most.', '50')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText(
      'after',
      examples(
        ['callboard audit list --outcome denied', 'what was refused'],
        ["callboard audit list --action 'access.*' --from 2026-11-01T00:00:00Z", 'changes of access'],
      ),
    )
    .action(async (values: AuditListRequest) => {
      const { runAuditList } = await import('./audit.ts');
      ended(await runAuditList(values, surroundings));
    });
  filters(group.command('export').description('Prints all records, oldest first.'))
    .addOption(new Option('--format <format>', 'How to print them.').choices(['jsonl', 'csv']).default('jsonl'))
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText('after', examples(['callboard audit export --format csv > audit.csv', 'for a spreadsheet']))
    .action(async (values: AuditExportRequest) => {
      const { runAuditExport } = await import('./audit.ts');
      ended(await runAuditExport(values, surroundings));
    });
  group
    .command('verify')
    .description('Checks that no record was changed or taken away.')
    .option('--noted <record>', 'Check too that this record, noted earlier as <sequence>:<hash>, is still there.')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard audit verify', 'exit code 1 where the log is not intact']))
    .action(async (values: AuditVerifyRequest) => {
      const { runAuditVerify } = await import('./audit.ts');
      ended(await runAuditVerify(values, surroundings));
    });
};

interface SecretValues extends ServerTarget {
  readonly output: OutputFormat;
  readonly file?: string;
}

const defineSecrets: Define = (program, surroundings, ended) => {
  const group = program
    .command('secrets')
    .summary('set and remove the credentials that Callboard keeps')
    .description(
      'Works on the credentials that a running server keeps for its integrations. No command prints a value.',
    );
  group
    .command('list')
    .description('Lists names, keys, and the settings that use them.')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard secrets list', 'also what is missing']))
    .action(async (values: SecretValues) => {
      const { runSecretsList } = await import('./secrets.ts');
      ended(await runSecretsList(values, surroundings));
    });
  group
    .command('set')
    .description('Sets a secret, or replaces its value, which is read from standard input or a file.')
    .argument('<name>', 'Name as settings have it: {secret: <name>}.')
    .option('--file <file>', 'File that holds the value.')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText(
      'after',
      examples(
        ['callboard secrets set okta-client < okta.txt', 'a line break at the end does not count'],
        ['callboard secrets set deploy-key --file id_ed25519', 'a key of several lines'],
      ),
    )
    .action(async (name: string, values: SecretValues) => {
      const { runSecretsSet } = await import('./secrets.ts');
      ended(await runSecretsSet({ ...values, name }, surroundings));
    });
  group
    .command('delete')
    .description('Removes a secret.')
    .argument('<name>', 'Its name.')
    .addOption(server())
    .addOption(tokenFile())
    .addHelpText('after', examples(['callboard secrets delete okta-client', 'settings that name it fail from then on']))
    .action(async (name: string, values: SecretValues) => {
      const { runSecretsDelete } = await import('./secrets.ts');
      ended(await runSecretsDelete({ ...values, name }, surroundings));
    });
  group
    .command('rotate')
    .description('Encrypts every secret with the first of secrets.keys, so that the others can be taken away.')
    .addOption(server())
    .addOption(tokenFile())
    .addOption(output('text', 'json'))
    .addHelpText('after', examples(['callboard secrets rotate', 'after a new key was put first']))
    .action(async (values: SecretValues) => {
      const { runSecretsRotate } = await import('./secrets.ts');
      ended(await runSecretsRotate(values, surroundings));
    });
};

/** The commands of the audit log and of secrets. */
export const auditCommands: readonly Define[] = [defineAudit, defineSecrets];
