// docs/reference/errors.md, from the catalogues of the rooms.
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCatalogue } from '../src/base/errors.ts';

/** The page. Imports every room's catalogue, so that it knows all codes. */
export async function errorReference(): Promise<string> {
  const sections: string[] = [];
  const listed = new Set<string>();
  for (const file of globSync('src/*/errors.ts').toSorted(byText)) {
    await import(resolve(file));
    const fresh = [...errorCatalogue()].filter(([code]) => !listed.has(code)).toSorted(([a], [b]) => byText(a, b));
    for (const [code] of fresh) listed.add(code);
    if (fresh.length === 0) continue;
    const rows = fresh.map(([code, { status, message }]) => `| \`${code}\` | ${status} | ${cell(message)} |`);
    sections.push(`## ${file.split('/')[1]}\n\n| code | status | message |\n| --- | --- | --- |\n${rows.join('\n')}\n`);
  }
  return `# Error codes

Generated from the rooms' \`errors.ts\` by \`npm run reference\`.

Over HTTP an error is \`application/problem+json\` with the code and the status; on the command line it is one line and an exit code.
The status says whose fault it is: 4xx of the question, 5xx of the server or of what it stands on.

${sections.join('\n')}`;
}

function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
