import type { SectionFile } from '../base/section-file.ts';
import { IdLists } from './id-lists.ts';
import type { LoadedSets } from './id-table.ts';
import type { Edge, RelationType } from './relation-index.ts';

/** Where the sets of one table stand among all: index of the first, and how many. */
export type SetsPlace = readonly [first: number, count: number];

/** One relation type as an image's header has it. */
export interface RelationTypeHeader {
  readonly name: string;
  readonly targets: SetsPlace;
  readonly sources: SetsPlace;
  /** Edges that are declared more than once: the pair, and how many times more. */
  readonly again: readonly (readonly [edge: number, times: number])[];
}

/** One relation type of an image. */
export interface LoadedRelationType {
  readonly name: string;
  readonly targets: LoadedSets;
  readonly sources: LoadedSets;
  readonly again: RelationTypeHeader['again'];
}

/** Numbers that one declared edge takes: its type, the reverse type, the target. */
export const EDGE_NUMBERS = 3;

/** The edges of an image. */
export class ImageRelations {
  readonly types: readonly LoadedRelationType[];
  readonly #starts: Uint32Array;
  readonly #edges: Uint32Array;

  constructor(file: SectionFile, headers: readonly RelationTypeHeader[]) {
    const keys = file.integers('sets.keys');
    const lists = new IdLists(file.integers('sets.starts'), file.integers('sets'));
    const setsAt = ([first, count]: SetsPlace): LoadedSets => {
      return { keys: keys.subarray(first, first + count), lists, first };
    };
    this.types = headers.map(({ name, targets, sources, again }) => {
      return { name, targets: setsAt(targets), sources: setsAt(sources), again };
    });
    this.#starts = file.integers('edges.starts');
    this.#edges = file.integers('edges');
  }

  /** What an entity declares. @param typeNamed gives the type of a name */
  edgesOf(id: number, typeNamed: (name: string) => RelationType): Edge[] | undefined {
    const [start, end] = [this.#starts[id] ?? 0, this.#starts[id + 1] ?? 0];
    if (start === end) return undefined;
    const typeAt = (at: number): RelationType => typeNamed(this.types[this.#edges[at] ?? 0]?.name ?? '');
    const edges: Edge[] = [];
    for (let at = start; at < end; at += EDGE_NUMBERS) {
      edges.push({ forward: typeAt(at), reverse: typeAt(at + 1), target: this.#edges[at + 2] ?? 0 });
    }
    return edges;
  }
}
