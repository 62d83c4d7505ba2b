import { isJsonObject, type JsonValue } from '../model/json.ts';
import { formatPath, type Finding, type Path } from './finding.ts';

/**
 * Finds keys of one map that differ only in letter case. Filters do not know letter case, so nobody could tell the two
 * apart; Backstage keeps such an entity out of its catalog without a word.
 */
export function checkKeyCase(value: JsonValue | undefined, path: Path): readonly Finding[] {
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    return items.flatMap((item, index) => (typeof item === 'object' ? checkKeyCase(item, [...path, index]) : []));
  }
  if (!isJsonObject(value)) return [];
  const keys = Object.keys(value);
  const findings: Finding[] = areDistinct(keys) ? [] : sameKeys(keys, path);
  for (const key of keys) {
    const item = value[key];
    if (typeof item === 'object' && item !== null) findings.push(...checkKeyCase(item, [...path, key]));
  }
  return findings;
}

/** True for nearly every map; most of their keys are in lower case, and no two of those are alike. */
function areDistinct(keys: readonly string[]): boolean {
  const mixed = keys.filter((key) => key !== key.toLowerCase());
  if (mixed.length === 0) return true;
  const lower = mixed.map((key) => key.toLowerCase());
  return lower.every((key, index) => !keys.includes(key) && lower.indexOf(key) === index);
}

function sameKeys(keys: readonly string[], path: Path): Finding[] {
  const findings: Finding[] = [];
  const byLowerCase = new Map<string, string>();
  for (const key of keys) {
    const lower = key.toLowerCase();
    const other = byLowerCase.get(lower);
    if (other === undefined) byLowerCase.set(lower, key);
    else findings.push(sameKey([...path, key], other));
  }
  return findings;
}

function sameKey(path: Path, other: string): Finding {
  return {
    code: 'entity-envelope',
    severity: 'error',
    message: `${formatPath(path)} differs only in letter case from ${JSON.stringify(other)}`,
    fix: 'Keep one of the two',
    path,
  };
}
