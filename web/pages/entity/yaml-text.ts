import { below, type CodeLine } from './code-line.ts';

/** Words that YAML 1.1 or 1.2 readers take for something else than text. */
const RESERVED = /^(?:~|null|true|false|yes|no|on|off|y|n)$/i;
const PLAIN = /^[A-Za-z_/](?:[\w./@-]|:(?=[^ ]))*(?: [\w./@(-](?:[\w./@()',-]|:(?=[^ ]))*)*$/;
/** Characters that a literal block, or a plain reading of quoted text, would lose. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/;

/** A JSON value as YAML lines in block style; reading them gives the same value. */
export function yamlLines(value: unknown): readonly CodeLine[] {
  const lines: CodeLine[] = [];
  write(lines, { lead: '', indent: '', key: '', path: '' }, value);
  return lines;
}

/** Where a value is written. */
interface Place {
  /** What stands before on the first line: indentation, dashes. */
  readonly lead: string;
  /** Indentation of the lines that follow. */
  readonly indent: string;
  readonly key: string;
  readonly path: string;
}

function write(lines: CodeLine[], place: Place, value: unknown): void {
  const { lead, indent, key, path } = place;
  const space = key === '' ? '' : ' ';
  if (Array.isArray(value)) writeList(lines, place, value);
  else if (typeof value === 'object' && value !== null) writeMap(lines, place, value);
  else if (typeof value === 'string' && isBlock(value)) {
    lines.push({ lead, key, value: `${space}|${value.endsWith('\n') ? '' : '-'}`, sort: 'mark', path });
    for (const line of value.replace(/\n$/, '').split('\n')) {
      lines.push({ lead: line === '' ? '' : `${indent}  `, key: '', value: line, sort: 'text', path });
    }
  } else {
    const isText = typeof value === 'string';
    const text = isText ? textScalar(value) : String(value);
    lines.push({ lead, key, value: space + text, sort: isText ? 'text' : 'literal', path });
  }
}

function writeList(lines: CodeLine[], { lead, indent, key, path }: Place, list: readonly unknown[]): void {
  if (list.length === 0) {
    lines.push({ lead, key, value: key === '' ? '[]' : ' []', sort: 'mark', path });
    return;
  }
  if (key !== '') lines.push({ lead, key, value: '', sort: 'mark', path });
  const inner = key === '' ? indent : `${indent}  `;
  for (const [at, item] of list.entries()) {
    const dash = key === '' && at === 0 ? `${lead}- ` : `${inner}- `;
    write(lines, { lead: dash, indent: `${inner}  `, key: '', path: below(path, String(at)) }, item);
  }
}

function writeMap(lines: CodeLine[], { lead, indent, key, path }: Place, map: object): void {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  if (entries.length === 0) {
    lines.push({ lead, key, value: key === '' ? '{}' : ' {}', sort: 'mark', path });
    return;
  }
  if (key !== '') lines.push({ lead, key, value: '', sort: 'mark', path });
  const inner = key === '' ? indent : `${indent}  `;
  for (const [at, [name, value]] of entries.entries()) {
    const first = key === '' && at === 0 ? lead : inner;
    write(lines, { lead: first, indent: inner, key: `${textScalar(name)}:`, path: below(path, name) }, value);
  }
}

function isBlock(text: string): boolean {
  return text.includes('\n') && !UNPRINTABLE.test(text) && !/^\s|\n\n$|\n[ ]+(?:\n|$)/.test(text);
}

function textScalar(text: string): string {
  if (PLAIN.test(text) && !RESERVED.test(text)) return text;
  return JSON.stringify(text).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
