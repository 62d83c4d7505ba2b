import { below, type CodeLine } from './code-line.ts';

/** A JSON value as the lines of `JSON.stringify(value, undefined, 2)`. */
export function jsonLines(value: unknown): readonly CodeLine[] {
  const lines: CodeLine[] = [];
  write(lines, { indent: '', key: '', path: '', comma: '' }, value);
  return lines;
}

/** Where a value is written, and what follows it. */
interface Place {
  readonly indent: string;
  readonly key: string;
  readonly path: string;
  readonly comma: '' | ',';
}

function write(lines: CodeLine[], place: Place, value: unknown): void {
  const { indent: lead, key, path, comma } = place;
  const space = key === '' ? '' : ' ';
  if (typeof value !== 'object' || value === null) {
    const sort = typeof value === 'string' ? 'text' : 'literal';
    lines.push({ lead, key, value: space + JSON.stringify(value) + comma, sort, path });
    return;
  }
  const isList = Array.isArray(value);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const entries = Object.entries(value).filter(([, item]) => isList || item !== undefined);
  if (entries.length === 0) {
    lines.push({ lead, key, value: space + open + close + comma, sort: 'mark', path });
    return;
  }
  lines.push({ lead, key, value: space + open, sort: 'mark', path });
  for (const [at, [name, item]] of entries.entries()) {
    const inner = {
      indent: `${lead}  `,
      key: isList ? '' : `${JSON.stringify(name)}:`,
      path: below(path, name),
      comma: at < entries.length - 1 ? (',' as const) : ('' as const),
    };
    write(lines, inner, item);
  }
  lines.push({ lead, key: '', value: close + comma, sort: 'mark', path });
}
