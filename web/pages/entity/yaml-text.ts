/** One line of YAML in the parts that are drawn differently. */
export interface YamlLine {
  /** Indentation and list dashes. */
  readonly lead: string;
  /** The key with its colon, or nothing. */
  readonly key: string;
  readonly value: string;
}

/** Words that YAML 1.1 or 1.2 readers take for something else than text. */
const RESERVED = /^(?:~|null|true|false|yes|no|on|off|y|n)$/i;
const PLAIN = /^[A-Za-z_/](?:[\w./@-]|:(?=[^ ]))*(?: [\w./@(-](?:[\w./@()',-]|:(?=[^ ]))*)*$/;
/** Characters that a literal block, or a plain reading of quoted text, would lose. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/;

/** A JSON value as YAML lines in block style; reading them gives the same value. */
export function yamlLines(value: unknown): readonly YamlLine[] {
  const lines: YamlLine[] = [];
  write(lines, '', '', '', value);
  return lines;
}

/** The lines as text. */
export function yamlText(lines: readonly YamlLine[]): string {
  return lines.map(({ lead, key, value }) => `${lead}${key}${value}\n`).join('');
}

/**
 * Writes `value` after `lead` and `key`.
 * @param lead what stands before on the first line: indentation, dashes
 * @param indent indentation of the lines that follow
 */
function write(lines: YamlLine[], lead: string, indent: string, key: string, value: unknown): void {
  const space = key === '' ? '' : ' ';
  if (Array.isArray(value)) writeList(lines, lead, indent, key, value);
  else if (typeof value === 'object' && value !== null) writeMap(lines, lead, indent, key, value);
  else if (typeof value === 'string' && isBlock(value)) {
    lines.push({ lead, key, value: `${space}|${value.endsWith('\n') ? '' : '-'}` });
    for (const line of value.replace(/\n$/, '').split('\n')) {
      lines.push({ lead: line === '' ? '' : `${indent}  `, key: '', value: line });
    }
  } else lines.push({ lead, key, value: space + (typeof value === 'string' ? textScalar(value) : String(value)) });
}

function writeList(lines: YamlLine[], lead: string, indent: string, key: string, list: readonly unknown[]): void {
  if (list.length === 0) {
    lines.push({ lead, key, value: key === '' ? '[]' : ' []' });
    return;
  }
  if (key !== '') lines.push({ lead, key, value: '' });
  const inner = key === '' ? indent : `${indent}  `;
  for (const [at, item] of list.entries()) {
    const dash = key === '' && at === 0 ? `${lead}- ` : `${inner}- `;
    write(lines, dash, `${inner}  `, '', item);
  }
}

function writeMap(lines: YamlLine[], lead: string, indent: string, key: string, map: object): void {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  if (entries.length === 0) {
    lines.push({ lead, key, value: key === '' ? '{}' : ' {}' });
    return;
  }
  if (key !== '') lines.push({ lead, key, value: '' });
  const inner = key === '' ? indent : `${indent}  `;
  for (const [at, [name, value]] of entries.entries()) {
    write(lines, key === '' && at === 0 ? lead : inner, inner, `${textScalar(name)}:`, value);
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
