/** Reads what JSON brought, of which no form is certain: what has another form than it should is as if it were absent. */

/** A JSON object. */
export type Tree = Readonly<Record<string, unknown>>;

const EMPTY: Tree = {};

/** An object; an empty one where there is none. */
export function tree(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : EMPTY;
}

/** A list; an empty one where there is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A text cut to a number of characters, never within a pair of surrogates. */
export function cutText(value: unknown, characters: number): string | undefined {
  const whole = text(value);
  if (whole === undefined || whole.length <= characters) return whole;
  return `${whole.slice(0, characters - 1).toWellFormed()}…`;
}

/** A whole number that 32 bits hold. */
export function whole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : undefined;
}

/** 1 or 0; absent where it is neither true nor false. */
export function truth(value: unknown): number | undefined {
  return typeof value === 'boolean' ? Number(value) : undefined;
}

/** An instant as RFC 3339 has it, in whole seconds since 1970; as messages bring it, it is that already. */
export function seconds(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(value);
  return ms > 0 ? Math.floor(ms / 1000) : undefined;
}

/** Lines as one text; absent without any. */
export function lines(values: readonly (string | undefined)[]): string | undefined {
  const given = values.filter((value) => value !== undefined);
  return given.length === 0 ? undefined : given.join('\n');
}

/** Pairs as lines `key=value`, sorted by key; what is no text is left out. */
export function pairLines(pairs: Tree, isKept: (key: string) => boolean): string | undefined {
  const kept: string[] = [];
  for (const key in pairs) {
    const value = pairs[key];
    if (typeof value === 'string' && isKept(key))
      kept.push(`${key}=${value.includes('\n') ? value.split('\n', 1)[0] : value}`);
  }
  return kept.length === 0 ? undefined : kept.sort().join('\n');
}
