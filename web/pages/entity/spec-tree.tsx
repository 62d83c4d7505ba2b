import type { ReactNode } from 'react';
import { isJsonObject, type JsonValue } from '../../../src/model/json.ts';

/** Deeper values, and more members of one value than this, stand under Descriptor. */
const MAX_DEPTH = 6;
const MAX_MEMBERS = 60;

/** A declared value as a tree of keys and values, for kinds that nobody has drawn a page for. */
export function SpecTree({ value, depth = 0 }: { readonly value: JsonValue; readonly depth?: number }): ReactNode {
  if (typeof value !== 'object' || value === null) return <code className="wrap">{String(value)}</code>;
  const entries = Array.isArray(value)
    ? value.map((item, at) => [String(at + 1), item] as const)
    : Object.entries(value);
  if (Array.isArray(value) && entries.length > 0 && entries.every(([, item]) => !isTree(item))) {
    return <code className="wrap">{value.slice(0, MAX_MEMBERS).join(', ')}</code>;
  }
  if (entries.length === 0) return <span className="faint">empty</span>;
  if (depth >= MAX_DEPTH) return <span className="faint">{entries.length} more, see Descriptor</span>;
  return (
    <dl className="spec-tree">
      {entries.slice(0, MAX_MEMBERS).map(
        ([key, item]) =>
          item !== undefined && (
            <div key={key} className={isDeep(item) ? 'is-deep' : undefined}>
              <dt>{key}</dt>
              <dd>
                <SpecTree value={item} depth={depth + 1} />
              </dd>
            </div>
          ),
      )}
      {entries.length > MAX_MEMBERS && (
        <div>
          <dt className="faint">…</dt>
          <dd className="faint">{entries.length - MAX_MEMBERS} more, see Descriptor</dd>
        </div>
      )}
    </dl>
  );
}

function isDeep(value: JsonValue): boolean {
  return Array.isArray(value) ? value.some(isTree) : isJsonObject(value) && Object.keys(value).length > 0;
}

function isTree(value: JsonValue | undefined): boolean {
  return typeof value === 'object' && value !== null;
}
