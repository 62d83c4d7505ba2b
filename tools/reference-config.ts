// docs/reference/configuration.md, from the table of options.
import { optionNames, options } from '../src/config/options.ts';

/** Table cells: outside of code a `<` would start a tag. */
const cell = (text: string): string =>
  (text.startsWith('`') ? text : text.replaceAll('<', '&lt;')).replaceAll('|', '\\|');

function row(name: (typeof optionNames)[number]): string {
  const { yaml, flag, env, type, unit, byDefault, description } = options[name];
  const written = [
    `\`${yaml}\``,
    flag === undefined ? '-' : `\`${flag}\``,
    env.map((one) => `\`${one}\``).join(', ') || '-',
  ];
  const value = unit === undefined ? type : `${type} (${unit})`;
  return `| ${[...written, value, byDefault, description].map(cell).join(' | ')} |`;
}

/** The page. */
export function configurationReference(): string {
  return `# Configuration

Generated from \`src/config/options.ts\` by \`npm run reference\`.

Flags win over environment variables, these over the configuration file, that over the default. The file is the one named
by \`--config\` (or \`CALLBOARD_CONFIG\`), else \`callboard.yaml\` in the working folder, else Backstage's \`app-config.yaml\` there.
Without any file and without \`--catalog\` the demo organisation is shown.

| callboard.yaml | flag | environment | value | default | meaning |
| --- | --- | --- | --- | --- | --- |
${optionNames.map(row).join('\n')}

Paths in a file start at the file's folder, paths in flags and variables at the working folder. An unknown key in
\`callboard.yaml\` is an error. \`callboard doctor\` shows what the configuration comes to.

## Values from elsewhere

| written | is |
| --- | --- |
| \`\${VAR}\` | the environment variable; a setting whose variable is not set is an error |
| \`\${VAR:-text}\` | the variable, or the text where it is not set |
| \`$\${VAR}\` | the text \`\${VAR}\` itself |
| \`{ $env: VAR }\` | the environment variable |
| \`{ $file: ./secret.txt }\` | the text of a file, without white space at its end |
| \`{ $include: other.yaml#path.to.key }\` | a part of another file |

## Example

\`\`\`yaml
organization: The Company
listen: { host: 127.0.0.1, port: 7007 }
database: \${CALLBOARD_POSTGRES:-postgres://callboard@localhost/callboard}
catalog:
  locations:
    - ./services
    - ./teams/*/catalog-info.yaml
    - git:https://git.example/platform/catalog.git//services
    - type: url
      target: https://files.example/catalog/organisation.yaml
      rules: [{ allow: [User, Group] }]
  rules:
    - allow: [Component, API, System, Location]
    - allow: [{ kind: Resource, spec.type: database }]
      locations: [{ type: git, pattern: https://git.example/platform/** }]
reading:
  allow:
    - { host: files.example, paths: [/catalog/] }
\`\`\`

## Backstage's app-config.yaml

The file is read unchanged, with \`app-config.<BACKSTAGE_ENV>.yaml\` and \`app-config.local.yaml\` laid over it, and
\`APP_CONFIG_...\` variables over those. With \`--config\` (repeatable) only the named files are read. What is taken:

| key | becomes |
| --- | --- |
| \`organization.name\`, else \`app.title\` | \`organization\` |
| \`backend.baseUrl\` | \`baseUrl\`; a local one follows a port set by flag or environment |
| \`backend.listen\` | \`listen.host\`, \`listen.port\`; without a host Callboard stays on loopback |
| \`backend.database\` with \`client: pg\` | \`database\`; where the connection names no database: \`callboard\` |
| \`catalog.locations\` of type \`file\`, \`url\` and \`git\` | \`catalog.locations\`; files from the file's folder or, where it is only there, from \`packages/backend\` |
| \`catalog.rules\`, \`catalog.readonly\`, \`catalog.orphanStrategy\` | the same |
| \`catalog.defaultLocationConflictStrategy\` | \`catalog.onLocationConflict\` |
| \`catalog.processingInterval\` | \`catalog.refreshSeconds\` |
| \`backend.reading.allow\` | \`reading.allow\` |

Locations of other types are left out with a note. All other keys belong to Backstage's plugins and are left alone.
`;
}
