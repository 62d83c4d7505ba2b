import { cutText, list, seconds, text, tree, type Tree } from './json-read.ts';

const MESSAGE_CHARACTERS = 500;
const MOST_CONDITIONS = 40;

/**
 * Conditions of a status as JSON: `[{type, status, reason?, message?, since?}]`, `since` in seconds since 1970.
 * @param isKept which ones; default: all
 * @returns absent without any
 */
export function conditionsCell(value: unknown, isKept: (condition: Tree) => boolean = () => true): string | undefined {
  const kept = [];
  for (const item of list(value).slice(0, MOST_CONDITIONS)) {
    const condition = tree(item);
    const type = text(condition['type']);
    const status = text(condition['status']);
    if (type === undefined || status === undefined || !isKept(condition)) continue;
    kept.push({
      type,
      status,
      reason: text(condition['reason']),
      message: cutText(condition['message'], MESSAGE_CHARACTERS),
      since: seconds(condition['lastTransitionTime']),
    });
  }
  return kept.length === 0 ? undefined : JSON.stringify(kept);
}
