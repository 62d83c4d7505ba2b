// docs/reference/api.md, from the contracts; the whole description is served at /api/openapi.json.
import { apiRoutes } from '../src/api/routes.ts';
import type { RouteContract } from '../src/api/route.ts';

interface Described {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
}

function parameters(contract: RouteContract): string {
  const rows = (['params', 'query', 'body'] as const).flatMap((place) => {
    const schema = contract[place] as
      | { properties?: Record<string, Described>; required?: readonly string[] }
      | undefined;
    return Object.entries(schema?.properties ?? {}).map(([name, { description, default: byDefault }]) => {
      const need = schema?.required?.includes(name)
        ? 'required'
        : byDefault === undefined
          ? '-'
          : `\`${JSON.stringify(byDefault)}\``;
      return `| \`${name}\` | ${place === 'params' ? 'path' : place} | ${need} | ${cell(description ?? '')} |`;
    });
  });
  if (rows.length === 0) return '';
  return `\n| parameter | in | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** The page. */
export function apiReference(): string {
  const sections = Object.entries<RouteContract>(apiRoutes).map(
    ([key, contract]) =>
      `## ${key}\n\n${contract.summary}. Permission \`${contract.permission}\`.\n${contract.description ? `\n${contract.description}\n` : ''}${parameters(contract)}`,
  );
  return `# HTTP API

Generated from \`src/api\` by \`npm run reference\`. A running server has the whole description, with answers and examples, at
\`/api/openapi.json\`, and browsable at \`/api/docs\`. Errors are \`application/problem+json\`, see [error codes](errors.md). Lists answer
\`revision\`, \`items\`, \`total\` and the cursors \`next\` and \`previous\`. The routes under \`/api/catalog\` answer as Backstage's do.

${sections.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
