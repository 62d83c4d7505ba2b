/** One line of a descriptor in the parts that are drawn differently. */
export interface CodeLine {
  /** Indentation and list dashes. */
  readonly lead: string;
  /** The key with its colon, or nothing. */
  readonly key: string;
  readonly value: string;
  /** What the value is: words, a number, true, false or null, or signs of the format alone. */
  readonly sort: 'text' | 'literal' | 'mark';
  /** Dotted path of the field that the line belongs to, with places in lists as numbers. */
  readonly path: string;
}

/** The lines as text. */
export function codeText(lines: readonly CodeLine[]): string {
  return lines.map(({ lead, key, value }) => `${lead}${key}${value}\n`).join('');
}

/** The path of a field below another. */
export function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/**
 * The index of the line that a problem's path means: that of the field, or of the nearest field above it that is there.
 * @param path as problems name fields, with places in lists as `[1]` or `.1`; absent: the first line
 */
export function lineOfPath(lines: readonly CodeLine[], path: string | undefined): number {
  let rest = (path ?? '')
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/^[./]+/, '')
    .replaceAll('/', '.');
  const firstByPath = new Map<string, number>();
  for (const [at, line] of lines.entries()) if (!firstByPath.has(line.path)) firstByPath.set(line.path, at);
  while (rest !== '') {
    const at = firstByPath.get(rest);
    if (at !== undefined) return at;
    rest = rest.slice(0, Math.max(0, rest.lastIndexOf('.')));
  }
  return 0;
}
