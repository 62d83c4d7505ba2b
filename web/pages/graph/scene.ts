import type { GraphEntity, GraphGroup, GraphNode, GraphPaths, Neighbourhood } from '../../../src/api/neighbourhood.ts';
import { relationWords } from '../../../src/model/graph-text.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';

/** An entity of a picture; what only neighbourhoods tell may be absent. */
export type SceneEntity = GraphEntity & Partial<Pick<GraphNode, 'distance' | 'folded' | 'hidden'>>;

/** One box of a picture: an entity or a group. */
export interface Box {
  /** Ref, or id of the group. */
  readonly id: string;
  readonly title: string;
  /** What it is, below the title. */
  readonly sub: string;
  readonly isRoot: boolean;
  readonly isPinned: boolean;
  readonly entity?: SceneEntity | undefined;
  readonly group?: GraphGroup | undefined;
}

/** One line of a picture: all edges from one box to another. */
export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly types: readonly { readonly type: string; readonly count: number }[];
  /** `depends on, part of`, with counts above one. */
  readonly words: string;
}

/** What a picture shows, before it has places. */
export interface Scene {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly count: number;
}

/** The picture of a neighbourhood. */
export function sceneOf(answer: Neighbourhood, pinned: readonly string[]): Scene {
  const boxes = answer.nodes.map((entity) =>
    entityBox(entity, entity.ref === answer.root, pinned.includes(entity.ref)),
  );
  return { boxes: [...boxes, ...answer.groups.map(groupBox)], lines: linesOf(answer.edges) };
}

/** The picture of some ways between two entities. */
export function pathScene(answer: GraphPaths, root: string): Scene {
  const edges = new Map(answer.paths.flat().map((edge) => [JSON.stringify(edge), { ...edge, count: 1 }]));
  return {
    boxes: answer.nodes.map((entity) => entityBox(entity, entity.ref === root, false)),
    lines: linesOf([...edges.values()]),
  };
}

function entityBox(entity: SceneEntity, isRoot: boolean, isPinned: boolean): Box {
  const { ref, title, name, kind, type, exists, folded = 0 } = entity;
  const namespace = parseEntityRef(ref)?.namespace ?? 'default';
  const what = exists ? [kind, type].filter(Boolean).join(' · ') : `${kind} · not in the catalog`;
  const inside = folded > 0 ? `${what} · ${folded} inside` : what;
  return {
    id: ref,
    title: title ?? (namespace === 'default' ? name : `${namespace}/${name}`),
    sub: inside,
    isRoot,
    isPinned,
    entity,
  };
}

const KIND_PLURALS: Readonly<Record<string, string>> = { api: 'APIs', airesource: 'AI resources' };

/** A kind for many: `component` is `components`. */
export function kindPlural(kind: string): string {
  return KIND_PLURALS[kind.toLowerCase()] ?? `${kind.toLowerCase()}s`;
}

function groupBox(group: GraphGroup): Box {
  const { id, by, key, title, count } = group;
  const what = by === 'kind' ? kindPlural(key) : 'entities';
  const names: Readonly<Record<GraphGroup['by'], string>> = {
    kind: what,
    system: title,
    domain: title,
    owner: key === '' ? 'Without an owner' : title,
  };
  const reason =
    by === 'kind' ? 'not shown one by one' : by === 'owner' ? `${count} entities it owns` : `${count} parts`;
  return {
    id,
    title: by === 'kind' ? `${count.toLocaleString()} ${what}` : names[by],
    sub: key === '' ? `${count} entities` : reason,
    isRoot: false,
    isPinned: false,
    group,
  };
}

function linesOf(edges: readonly Edge[]): readonly Line[] {
  const byEnds = Map.groupBy(edges, ({ from, to }) => JSON.stringify([from, to]));
  return [...byEnds].map(([id, [first, ...others]]) => {
    const types = [first, ...others].flatMap((edge) => (edge ? [{ type: edge.type, count: edge.count }] : []));
    const words = types.map(({ type, count }) =>
      count === 1 ? relationWords(type) : `${relationWords(type)} (${count})`,
    );
    return { id, from: first?.from ?? '', to: first?.to ?? '', types, words: words.join(', ') };
  });
}

/** What is wrong with an entity, in words; nothing where nothing is known to be. */
export function problemWords({ problems: { errors, warnings } }: Pick<SceneEntity, 'problems'>): string | undefined {
  const parts = [counted(errors, 'error'), counted(warnings, 'warning')].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(', ');
}

function counted(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Number of an entity's edges that are not shown; on one side, or on both. */
export function hiddenCount({ hidden = [] }: SceneEntity, side?: 'in' | 'out'): number {
  return hidden.reduce((sum, edges) => (side === undefined || edges.side === side ? sum + edges.count : sum), 0);
}

/** The kind that a box is drawn with: that of the entity, of what the group is joined by, or of its members. */
export function kindOf({ entity, group }: Box): string {
  return entity?.kind ?? group?.key.split(':')[0] ?? '';
}

/** What a reader by ear hears of a box. */
export function boxLabel({ title, sub, isRoot, isPinned, entity }: Box): string {
  const hidden = entity ? hiddenCount(entity) : 0;
  const parts = [
    title,
    sub.replaceAll(' · ', ', '),
    isRoot ? 'root' : '',
    isPinned ? 'pinned' : '',
    entity ? (problemWords(entity) ?? '') : '',
    hidden > 0 ? `${counted(hidden, 'edge')} hidden` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
