import { list, text, tree } from './json-read.ts';

const words: Readonly<Record<string, string>> = { In: 'in', NotIn: 'notin' };

/** A LabelSelector, or a plain map of labels, in the syntax of `-l`: `app=web,tier in (a,b),!legacy`. */
export function selectorText(selector: unknown): string | undefined {
  const { matchLabels, matchExpressions, ...plain } = tree(selector);
  const pairs = matchLabels === undefined && matchExpressions === undefined ? plain : tree(matchLabels);
  const parts = Object.entries(pairs).map(([key, value]) => `${key}=${text(value) ?? ''}`);
  for (const item of list(matchExpressions)) {
    const { key, operator, values } = tree(item);
    const name = text(key) ?? '';
    const word = words[text(operator) ?? ''];
    if (word !== undefined) parts.push(`${name} ${word} (${list(values).join(',')})`);
    else parts.push(operator === 'DoesNotExist' ? `!${name}` : name);
  }
  return parts.length === 0 ? undefined : parts.sort().join(',');
}
