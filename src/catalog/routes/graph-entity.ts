import type { GraphEntity } from '../../api/neighbourhood.ts';
import type { Edges } from '../../graph/edges.ts';
import type { View } from '../../graph/view.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { parseEntityRef } from '../../model/ref.ts';
import { routeError } from './errors.ts';
import { canonicalRef } from './named-entity.ts';

/**
 * The node of a ref as a client writes it: a visible entity, or a missing one that a visible one names.
 * @throws ENTITY_NOT_FOUND, ENTITY_REF_INVALID
 */
export function graphNode(edges: Edges, written: string): number {
  const ref = canonicalRef(written);
  const node = edges.find(ref);
  if (node === undefined) throw routeError('ENTITY_NOT_FOUND', { ref });
  return node;
}

/** Describes nodes as graphs show them, in their order. */
export function graphEntities(view: View, edges: Edges, nodes: readonly number[]): GraphEntity[] {
  const problems = problemCounts(view, new Set(nodes.map((node) => edges.refOf(node))));
  return nodes.map((node) => {
    const ref = edges.refOf(node);
    const counted = problems.get(ref) ?? NO_PROBLEMS;
    return { ...described(view, edges, node), ref, exists: edges.exists(node), problems: counted };
  });
}

type Described = Omit<GraphEntity, 'ref' | 'exists' | 'problems'>;

function described(view: View, edges: Edges, node: number): Described {
  const ref = edges.refOf(node);
  const parts = parseEntityRef(ref);
  if (!edges.exists(node)) return { kind: parts?.kind ?? '', name: parts?.name ?? ref };
  const { kind, metadata, spec } = view.document(node);
  const [owner] = edges
    .ends(node, 'ownedBy', 'out')
    .map((end) => edges.refOf(end))
    .sort();
  const title = displayName(spec?.['profile']) ?? textOf(metadata.title);
  const type = textOf(spec?.['type']);
  const lifecycle = textOf(spec?.['lifecycle']);
  return {
    kind,
    name: metadata.name,
    ...(title !== undefined && { title }),
    ...(type !== undefined && { type }),
    ...(lifecycle !== undefined && { lifecycle }),
    ...(owner !== undefined && { owner }),
  };
}

function displayName(profile: JsonValue | undefined): string | undefined {
  return isJsonObject(profile) ? textOf(profile['displayName']) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

type Counts = GraphEntity['problems'];

const NO_PROBLEMS: Counts = { errors: 0, warnings: 0 };

function problemCounts(view: View, refs: ReadonlySet<string>): ReadonlyMap<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { entityRef, severity } of view.problems()) {
    if (entityRef === undefined || !refs.has(entityRef)) continue;
    const { errors, warnings } = counts.get(entityRef) ?? NO_PROBLEMS;
    counts.set(entityRef, severity === 'error' ? { errors: errors + 1, warnings } : { errors, warnings: warnings + 1 });
  }
  return counts;
}
