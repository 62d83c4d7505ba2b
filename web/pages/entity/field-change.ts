import { changedValues } from '../../../src/model/changed-paths.ts';

/** A field that changed, as a person reads it. */
export type FieldChange =
  /** A single value; absent: it was not there, or no longer is. */
  | {
      readonly sort: 'value';
      readonly path: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  /** A list of short texts. */
  | {
      readonly sort: 'list';
      readonly path: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  /** Text of many lines, such as the definition of an API. */
  | { readonly sort: 'text'; readonly path: string; readonly added: number; readonly removed: number };

/** Longer values are cut. */
const SHOWN_LENGTH = 160;

/** What changed between two versions of a declared entity, by path. */
export function fieldChanges(before: unknown, after: unknown): readonly FieldChange[] {
  return changedValues(before, after).map(({ path, before: old, after: now }) => {
    if (isTexts(old) && isTexts(now)) {
      const added = without(now, old);
      const removed = without(old, now);
      // The same members in another order: shown whole.
      if (added.length + removed.length > 0) return { sort: 'list', path, added, removed };
    }
    if (isLong(old) || isLong(now)) {
      const [oldLines, newLines] = [linesOf(old), linesOf(now)];
      const [added, removed] = [without(newLines, oldLines).length, without(oldLines, newLines).length];
      return { sort: 'text', path, added, removed };
    }
    return { sort: 'value', path, before: valueText(old), after: valueText(now) };
  });
}

/** One change as a short sentence: `spec.owner box-office → house`. */
export function changeText(change: FieldChange): string {
  const { path } = change;
  switch (change.sort) {
    case 'list':
      return [path, ...change.added.map((item) => `+ ${item}`), ...change.removed.map((item) => `− ${item}`)].join(' ');
    case 'text':
      return `${path} + ${change.added} − ${change.removed} lines`;
    case 'value':
      if (change.before === undefined) return `${path} set to ${change.after ?? ''}`;
      return change.after === undefined ? `${path} removed` : `${path} ${change.before} → ${change.after}`;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isLong(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n');
}

function linesOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split('\n') : [];
}

/** The members of `list` that `other` does not have as often. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const item of other) left.set(item, (left.get(item) ?? 0) + 1);
  return list.filter((item) => {
    const count = left.get(item) ?? 0;
    if (count > 0) left.set(item, count - 1);
    return count === 0;
  });
}

function valueText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
