import type { EdgeSide, Edges } from './edges.ts';

/** What neighbours are joined by; `none`: only where one node has too many of a kind. */
export type Fold = 'none' | 'system' | 'domain' | 'owner';

/** A question for what stands around an entity. */
export interface NeighbourhoodRequest {
  readonly root: number;
  /** Edges between the root and the farthest node; opened nodes reach farther. */
  readonly depth: number;
  /** `out`: what the root needs; `in`: what needs it. */
  readonly direction: 'both' | EdgeSide;
  /** Types of edges to follow and to show; absent: all. */
  readonly types?: ReadonlySet<string> | undefined;
  readonly fold: Fold;
  /** Refs of nodes whose neighbours show although they stand at the rim, and ids of groups whose members show. */
  readonly opened: ReadonlySet<string>;
  /** Nodes that show in any case. */
  readonly pinned: readonly number[];
  /** Nodes and groups to show at most. */
  readonly limit: number;
}

/** Edges of a node that are not shown. */
export interface HiddenEdges {
  readonly type: string;
  readonly side: EdgeSide;
  readonly count: number;
}

/** Several entities as one. */
export interface Group {
  /** What joins them: a system, domain or owner by its ref, a kind by its name; empty: they have no owner. */
  readonly by: Exclude<Fold, 'none'> | 'kind';
  readonly key: string;
  /** The node whose neighbours they are under one type, where that is why they are joined. */
  readonly of?: { readonly node: number; readonly type: string; readonly side: EdgeSide } | undefined;
}

/** What is shown at one place: an entity, with what is folded into it, or a group. */
export interface Place {
  /** The ref, or the id of the group. */
  readonly id: string;
  readonly node: number | undefined;
  readonly group: Group | undefined;
  /** Absent: it is pinned, and not reached. */
  distance: number | undefined;
  /** Number of entities that it stands for, beside its own. */
  folded: number;
}

/** Edges of one type between two places. */
export interface PlaceEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly count: number;
}

/** The surroundings of an entity. */
export interface Neighbourhood {
  /** The root first, then by distance. */
  readonly places: readonly Place[];
  readonly edges: readonly PlaceEdge[];
  /** By id of the place; groups have none. */
  readonly hidden: ReadonlyMap<string, readonly HiddenEdges[]>;
  /** False: there were too many entities to look at; those that were not are among the hidden. */
  readonly isComplete: boolean;
}

/** A node's neighbours of one type are joined when they are more than this. */
export const FOLD_ABOVE = 24;
/** Groups of one distance at most; what the smaller ones hold counts as hidden. */
const MOST_GROUPS = 24;
/** Entities that are folded or shown, at most: what a request may cost. */
const MOST_WALKED = 20_000;
/** Entities folded into the root whose own edges are followed. */
const MOST_INSIDE = 1_000;

const SIDES: readonly EdgeSide[] = ['out', 'in'];

/**
 * What stands around an entity: breadth first, nearest first, the same for the same catalog whatever order it was read
 * in. Where not all can be shown, each node and type of edge gets its share. Every edge of a shown node is shown, folded
 * or counted as hidden.
 */
export function neighbourhoodOf(edges: Edges, request: NeighbourhoodRequest): Neighbourhood {
  const walk = new Walk(edges, request);
  walk.begin();
  let frontier: readonly number[] = [request.root];
  for (let distance = 1; frontier.length > 0; distance += 1) {
    const open = frontier.filter((node) => distance <= request.depth || request.opened.has(edges.refOf(node)));
    frontier = walk.grow(open, distance);
  }
  return walk.end();
}

/** Adds members to a group of the present distance. */
type Join = (group: Group, members: readonly number[]) => void;

class Walk {
  readonly #edges: Edges;
  readonly #request: NeighbourhoodRequest;
  readonly #types: readonly string[];
  readonly #sides: readonly EdgeSide[];
  readonly #places: Place[] = [];
  /** Where each entity is shown or folded. */
  readonly #homes = new Map<number, Place>();
  /** Entities that got into a bucket or a group of the present distance. */
  #claimed = new Set<number>();
  #walked = 0;
  #isComplete = true;

  constructor(edges: Edges, request: NeighbourhoodRequest) {
    this.#edges = edges;
    this.#request = request;
    const { types, direction } = request;
    this.#types = edges.pairs.map(({ type }) => type).filter((type) => types?.has(type) ?? true);
    this.#sides = direction === 'both' ? SIDES : [direction];
  }

  begin(): void {
    const { root, pinned } = this.#request;
    this.#put(root, 0);
    for (const node of pinned) if (!this.#homes.has(node)) this.#put(node, undefined);
  }

  /** Adds the neighbours of some nodes. @returns those that are shown, for the next round */
  grow(from: readonly number[], distance: number): readonly number[] {
    this.#claimed = new Set();
    const found: number[] = [];
    const buckets: number[][] = [];
    const groups = new Map<string, { readonly group: Group; readonly members: number[] }>();
    const join: Join = (group, members) => {
      const id = this.#groupId(group);
      const known = groups.get(id);
      if (known) for (const member of members) known.members.push(member);
      else groups.set(id, { group, members: [...members] });
    };
    const frontier = [...from];
    for (let at = 0; at < frontier.length; at += 1) {
      const node = frontier[at] ?? -1;
      for (const type of this.#types) {
        for (const side of this.#sides) {
          const { alone, inside } = this.#sort(this.#fresh(node, { type, side, distance, found }), join);
          this.#follow(inside, frontier, from.length + MOST_INSIDE);
          if (alone.length > FOLD_ABOVE) this.#joinAlike(alone, { node, type, side }, join);
          else if (alone.length > 0) buckets.push(this.#inOrder(alone));
        }
      }
    }
    this.#putGroups(groups, distance, buckets);
    found.push(...this.#putInTurn(buckets, distance));
    return found;
  }

  /** Goes on from what is folded into the root, as far as that goes. */
  #follow(inside: readonly number[], frontier: number[], most: number): void {
    for (const node of this.#inOrder(inside)) {
      if (frontier.length >= most) {
        this.#isComplete = false;
        return;
      }
      frontier.push(node);
    }
  }

  end(): Neighbourhood {
    return {
      places: this.#places,
      edges: this.#placeEdges(),
      hidden: new Map(
        this.#places.flatMap(({ id, node }) => (node === undefined ? [] : [[id, this.#hiddenOf(node)] as const])),
      ),
      isComplete: this.#isComplete,
    };
  }

  /** Neighbours that have no place yet. A pinned one is reached by this. */
  #fresh(
    node: number,
    at: { readonly type: string; readonly side: EdgeSide; readonly distance: number; readonly found: number[] },
  ): readonly number[] {
    const fresh: number[] = [];
    for (const end of this.#edges.ends(node, at.type, at.side)) {
      const home = this.#homes.get(end);
      if (home === undefined) {
        if (!this.#claimed.has(end)) fresh.push(end);
      } else if (home.node === end && home.distance === undefined) {
        home.distance = at.distance;
        at.found.push(end);
      }
    }
    return fresh;
  }

  /** Takes what is folded out of a bucket. @returns the rest, and what is folded into the root */
  #sort(fresh: readonly number[], join: Join): { readonly alone: number[]; readonly inside: readonly number[] } {
    const { fold, root } = this.#request;
    const alone: number[] = [];
    const inside: number[] = [];
    const byKey = new Map<number, number[]>();
    for (const member of fresh) {
      if (this.#walked >= MOST_WALKED) {
        this.#isComplete = false;
        break;
      }
      this.#walked += 1;
      this.#claimed.add(member);
      const key = fold === 'none' ? undefined : this.#keyOf(member, fold);
      if (key === undefined) alone.push(member);
      else appendTo(byKey, key, member);
    }
    if (fold === 'none') return { alone, inside };
    for (const [key, members] of byKey) {
      const group = { by: fold, key: this.#edges.refOf(key) };
      const home = this.#homes.get(key);
      if (home?.node !== key || this.#request.opened.has(this.#groupId(group))) {
        join(group, members);
        continue;
      }
      for (const member of members) this.#foldInto(home, member);
      if (key === root) for (const member of members) inside.push(member);
    }
    return { alone, inside };
  }

  /** Many neighbours of one type become groups: by kind, or where they are all of one kind by owner. */
  #joinAlike(members: readonly number[], of: NonNullable<Group['of']>, join: Join): void {
    const byKind = Map.groupBy(members, (member) => this.#kindOf(member));
    if (byKind.size > 1) {
      for (const [key, alike] of byKind) join({ by: 'kind', key, of }, alike);
      return;
    }
    for (const [owner, alike] of Map.groupBy(members, (member) => this.#keyOf(member, 'owner'))) {
      join({ by: 'owner', key: owner === undefined ? '' : this.#edges.refOf(owner), of }, alike);
    }
  }

  /** Groups with the most members first. One member alone is no group, and an opened group shows its members. */
  #putGroups(
    groups: ReadonlyMap<string, { readonly group: Group; readonly members: number[] }>,
    distance: number,
    buckets: number[][],
  ): void {
    const closed = [...groups].filter(([id, { members }]) => {
      if (members.length > 1 && !this.#request.opened.has(id)) return true;
      buckets.push(this.#inOrder(members));
      return false;
    });
    closed.sort(([a, left], [b, right]) => right.members.length - left.members.length || (a < b ? -1 : 1));
    for (const [id, { group, members }] of closed.slice(0, MOST_GROUPS)) {
      let place = this.#places.find((known) => known.id === id);
      if (place === undefined) {
        if (this.#places.length >= this.#request.limit) return;
        place = { id, node: undefined, group, distance, folded: 0 };
        this.#places.push(place);
      }
      for (const member of members) this.#foldInto(place, member);
    }
  }

  /** One of each bucket in turn, until there is no more room. */
  #putInTurn(buckets: readonly (readonly number[])[], distance: number): readonly number[] {
    const put: number[] = [];
    const longest = buckets.reduce((most, bucket) => Math.max(most, bucket.length), 0);
    for (let turn = 0; turn < longest; turn += 1) {
      for (const bucket of buckets) {
        const node = bucket[turn];
        if (node === undefined) continue;
        if (this.#places.length >= this.#request.limit) return put;
        this.#put(node, distance);
        put.push(node);
      }
    }
    return put;
  }

  #put(node: number, distance: number | undefined): void {
    const place: Place = { id: this.#edges.refOf(node), node, group: undefined, distance, folded: 0 };
    this.#places.push(place);
    this.#homes.set(node, place);
  }

  #foldInto(place: Place, member: number): void {
    this.#homes.set(member, place);
    place.folded += 1;
  }

  #placeEdges(): readonly PlaceEdge[] {
    const counts = new Map<Place, Map<Place, Map<string, number>>>();
    for (const [node, home] of this.#homes) {
      for (const type of this.#types) {
        for (const end of this.#edges.ends(node, type, 'out')) {
          const other = this.#homes.get(end);
          if (other === undefined || other === home) continue;
          const types = entryOf(entryOf(counts, home), other);
          types.set(type, (types.get(type) ?? 0) + 1);
        }
      }
    }
    const found: PlaceEdge[] = [];
    for (const [from, targets] of counts) {
      for (const [to, types] of targets) {
        for (const [type, count] of types) found.push({ from: from.id, to: to.id, type, count });
      }
    }
    return found.sort((a, b) => compare(a.from, b.from) || compare(a.type, b.type) || compare(a.to, b.to));
  }

  #hiddenOf(node: number): readonly HiddenEdges[] {
    const shown = new Set(this.#types);
    const hidden: HiddenEdges[] = [];
    for (const { type } of this.#edges.pairs) {
      for (const side of SIDES) {
        let count = 0;
        for (const end of this.#edges.ends(node, type, side)) {
          const home = this.#homes.get(end);
          // Between two shown nodes an edge of a type that does not show is told once, by its source.
          if (home === undefined || (!shown.has(type) && (side === 'out' || home.node !== end))) count += 1;
        }
        if (count > 0) hidden.push({ type, side, count });
      }
    }
    return hidden;
  }

  /** What an entity is folded by, which may be itself. */
  #keyOf(node: number, fold: Exclude<Fold, 'none'>): number | undefined {
    const kind = this.#kindOf(node);
    if (fold === 'owner') return kind === 'group' || kind === 'user' ? node : this.#least(node, 'ownedBy', '');
    if (kind === fold) return node;
    const own = this.#least(node, 'partOf', `${fold}:`);
    if (own !== undefined || fold === 'system') return own;
    const system = this.#least(node, 'partOf', 'system:');
    return system === undefined ? undefined : this.#least(system, 'partOf', 'domain:');
  }

  /** The first by ref of what a node points to. */
  #least(node: number, type: string, prefix: string): number | undefined {
    let least: number | undefined;
    for (const end of this.#edges.ends(node, type, 'out')) {
      const ref = this.#edges.refOf(end);
      if (ref.startsWith(prefix) && (least === undefined || ref < this.#edges.refOf(least))) least = end;
    }
    return least;
  }

  #kindOf(node: number): string {
    const ref = this.#edges.refOf(node);
    return ref.slice(0, ref.indexOf(':'));
  }

  #inOrder(nodes: readonly number[]): number[] {
    const keyed = nodes.map((node) => ({ node, ref: this.#edges.refOf(node) }));
    return keyed.sort((left, right) => (left.ref < right.ref ? -1 : 1)).map(({ node }) => node);
  }

  #groupId({ by, key, of }: Group): string {
    const group = `${by}=${key}`;
    return of === undefined ? group : `${group}@${of.side}.${of.type}@${this.#edges.refOf(of.node)}`;
  }
}

function appendTo(lists: Map<number, number[]>, key: number, item: number): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function entryOf<Key, Inner, Value>(maps: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
