// docs/reference/kinds.md, from the table of kinds.
import { builtinKinds } from '../src/model/builtin-kinds.ts';
import type { KindDefinition } from '../src/model/kinds.ts';

function section({ kind, apiVersions, description, relations }: KindDefinition): string {
  const rows = relations.map(
    ({ field, defaultKind, type, reverse }) =>
      `| \`spec.${field}\` | ${defaultKind ?? 'must be written'} | \`${type}\` | \`${reverse}\` |`,
  );
  const table = `| field | default kind | relation | on the target |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  const versions = apiVersions.map((version) => `\`${version}\``).join(', ');
  return `## ${kind}\n\n${description} ${versions}\n${rows.length > 0 ? `\n${table}` : ''}`;
}

/** The page. */
export function kindReference(): string {
  return `# Kinds and relations

Generated from \`src/model/builtin-kinds.ts\` by \`npm run reference\`. Kinds, fields and relations are Backstage's. Plugins may add
kinds. A reference that names no namespace means the namespace of the entity it stands in.

${builtinKinds.map(section).join('\n')}`;
}
