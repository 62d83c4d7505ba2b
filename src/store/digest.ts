import { canonicalJson } from '../base/canonical-json.ts';
import { quickHash64, type Hash64 } from '../base/digest.ts';
import type { Change } from '../model/change.ts';

/** A record that is there: a change whose value is not null. */
export type PresentRecord = {
  [C in Change as C['type']]: C & { readonly value: NonNullable<C['value']> };
}[Change['type']];

/**
 * The hash of one record, for `DigestSum`. Store and cache make it of the same parts: of an entity the identity and
 * the hash of its content, of everything else the whole value.
 */
export function recordDigest(record: PresentRecord): Hash64 {
  return quickHash64(`${record.type}|${record.key}|${fingerprint(record)}`);
}

function fingerprint(record: PresentRecord): string {
  if (record.type !== 'entity') return canonicalJson(record.value);
  const { uid, hash, location, source, line, updatedAt } = record.value;
  return JSON.stringify([uid, hash, location, source, line, updatedAt]);
}
