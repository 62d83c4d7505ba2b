// Writes docs/reference and the tables in ARCHITECTURE.md from the code; `--check` fails where they are not current.
import { readFileSync, writeFileSync } from 'node:fs';
import { rooms } from '../test/rooms.ts';
import { apiReference } from './reference-api.ts';
import { commandReference } from './reference-cli.ts';
import { configurationReference } from './reference-config.ts';
import { errorReference } from './reference-errors.ts';
import { expressionReference } from './reference-expressions.ts';
import { fleetReference } from './reference-fleet.ts';
import { kindReference } from './reference-kinds.ts';

const check = process.argv.includes('--check');
const stale: string[] = [];

function put(path: string, text: string): void {
  let current = '';
  try {
    current = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (current === text) return;
  if (check) stale.push(path);
  else writeFileSync(path, text);
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function putBetween(path: string, name: string, text: string): void {
  const current = readFileSync(path, 'utf8');
  const [before, rest] = current.split(`<!-- ${name} -->`);
  const after = rest?.split(`<!-- /${name} -->`)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for ${name}`);
  put(path, `${before}<!-- ${name} -->\n${text}\n<!-- /${name} -->${after}`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

putBetween(
  'ARCHITECTURE.md',
  'rooms',
  table(
    ['room', 'purpose', 'may import'],
    Object.entries(rooms).map(([room, { purpose, mayImport }]) => [
      `\`${room}\``,
      purpose,
      mayImport.join(', ') || '-',
    ]),
  ),
);

put('docs/reference/api.md', apiReference());
put('docs/reference/cli.md', commandReference());
put('docs/reference/configuration.md', configurationReference());
put('docs/reference/errors.md', await errorReference());
put('docs/reference/expressions.md', expressionReference());
put('docs/reference/fleet.md', fleetReference());
put('docs/reference/kinds.md', kindReference());

if (stale.length > 0) {
  console.error(`Not current: ${stale.join(', ')}. Run npm run reference.`);
  process.exit(1);
}
