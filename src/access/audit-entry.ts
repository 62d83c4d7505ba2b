import type { JsonValue } from '../model/json.ts';
import type { AuditEntry } from '../store/access-records.ts';
import { maskSecrets } from '../telemetry/mask.ts';

/** Longest texts of an entry, and of the JSON text of its data, in UTF-16 units. */
const MAX_TEXT = 1_000;
const MAX_DATA = 16_384;
/** The deepest data; what is deeper is left out. */
const MAX_DEPTH = 8;

/**
 * The entry as it may be kept: no secret that the process knows of, texts bounded and such that every database holds them.
 * What somebody did is never refused for what stands in it.
 */
export function tidyAuditEntry(entry: AuditEntry): AuditEntry {
  const { target, requestId, data } = entry;
  return {
    at: Math.trunc(entry.at),
    actor: tidyText(entry.actor),
    action: tidyText(entry.action),
    ...(target !== undefined && { target: tidyText(target) }),
    outcome: entry.outcome,
    ...(requestId !== undefined && { requestId: tidyText(requestId) }),
    ...(data !== undefined && { data: tidyData(data) }),
  };
}

/** PostgreSQL holds no NUL, and neither database a half of a surrogate pair. */
function tidyText(text: string): string {
  const masked = maskSecrets(text).replaceAll('\0', '\ufffd');
  return (masked.length > MAX_TEXT ? `${masked.slice(0, MAX_TEXT - 1)}…` : masked).toWellFormed();
}

function tidyData(data: NonNullable<AuditEntry['data']>): NonNullable<AuditEntry['data']> {
  const tidied: Record<string, JsonValue> = {};
  let left = MAX_DATA;
  for (const [key, value] of Object.entries(data)) {
    const tidy = tidyValue(value, MAX_DEPTH);
    if (tidy === undefined) continue;
    left -= key.length + JSON.stringify(tidy).length + 4;
    tidied[left < 0 ? 'cut' : tidyText(key)] = left < 0 ? true : tidy;
    if (left < 0) break;
  }
  return tidied;
}

function tidyValue(value: JsonValue | undefined, depth: number): JsonValue | undefined {
  if (typeof value === 'string') return tidyText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((item: JsonValue) => tidyValue(item, depth - 1) ?? null);
  const members = Object.entries(value).map(([key, item]) => [tidyText(key), tidyValue(item, depth - 1)] as const);
  return Object.fromEntries(members.filter(([, item]) => item !== undefined)) as JsonValue;
}
