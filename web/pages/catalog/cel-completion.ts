/** The part of an expression that is being typed before the caret. */
export interface TypedPath {
  readonly start: number;
  readonly prefix: string;
}

/** The path or name before the caret; `undefined` inside a text, or where no name stands. */
export function typedPath(text: string, caret: number): TypedPath | undefined {
  const before = text.slice(0, caret);
  if (isInsideText(before)) return undefined;
  const prefix = /[A-Za-z_][\w.]*$/.exec(before)?.[0];
  return prefix === undefined ? undefined : { start: caret - prefix.length, prefix };
}

/** True after an opening quote. */
function isInsideText(before: string): boolean {
  let quote: string | undefined;
  for (let at = 0; at < before.length; at += 1) {
    const char = before.charAt(at);
    if (char === '\\') at += 1;
    else if (quote === undefined && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = undefined;
  }
  return quote !== undefined;
}

/** A path as CEL writes it: keys that are no names in brackets. */
export function celPath(path: string): string {
  const parts = /^(metadata\.(?:annotations|labels))\.(.+)$/.exec(path);
  const [, map = '', key = ''] = parts ?? [];
  return parts && !/^[A-Za-z_]\w*$/.test(key) ? `${map}[${JSON.stringify(key)}]` : path;
}

/** Where an error stands, as offsets into the text. @param place 1-based line and column in characters */
export function wrongSpan(
  text: string,
  place: { readonly line: number; readonly column: number; readonly length: number },
): { readonly start: number; readonly end: number } {
  const lines = text.split('\n');
  const before = lines.slice(0, place.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  // Columns count code points, as the server does.
  const line = Array.from(lines[place.line - 1] ?? '');
  const units = (from: number, to: number): number => line.slice(from, to).join('').length;
  const start = before + units(0, place.column - 1);
  return { start, end: start + Math.max(1, units(place.column - 1, place.column - 1 + place.length)) };
}
