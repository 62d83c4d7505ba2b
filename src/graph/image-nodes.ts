import type { SectionFile } from '../base/section-file.ts';
import { TextColumn } from '../base/text-column.ts';
import type { StoredEntity } from '../model/change.ts';

/** The nodes and records of an image, by node number. */
export class ImageNodes {
  /** The entities, in the order of their refs. */
  readonly entities: Uint32Array;
  /** How many hold each node: its entity, and edges to it. A number without any is free. */
  readonly holds: Uint32Array;
  readonly uids: TextColumn;
  readonly hashes: TextColumn;
  readonly bodies: TextColumn;
  readonly lines: Uint32Array;
  readonly createdAt: Float64Array;
  readonly updatedAt: Float64Array;
  readonly #refs: TextColumn;
  /** Locations, sources and commits, which many entities share: each once, the empty text first. */
  readonly #shared: TextColumn;
  readonly #sharedBy: Uint32Array;
  readonly #termStarts: Uint32Array;
  readonly #terms: Uint32Array;

  constructor(file: SectionFile) {
    this.entities = file.integers('entities');
    this.holds = file.integers('holds');
    this.uids = textsOf(file, 'uids');
    this.hashes = textsOf(file, 'hashes');
    this.bodies = textsOf(file, 'bodies');
    this.lines = file.integers('lines');
    this.createdAt = file.doubles('createdAt');
    this.updatedAt = file.doubles('updatedAt');
    this.#refs = textsOf(file, 'refs');
    this.#shared = textsOf(file, 'shared');
    this.#sharedBy = file.integers('sharedBy');
    this.#termStarts = file.integers('termsOf.starts');
    this.#terms = file.integers('termsOf');
  }

  /** The refs of all nodes. */
  refs(): string[] {
    return Array.from({ length: this.#refs.length }, (_, id) => this.#refs.at(id));
  }

  /** Numbers of the terms of an entity. */
  termsOf(id: number): Uint32Array {
    return this.#terms.subarray(this.#termStarts[id] ?? 0, this.#termStarts[id + 1] ?? 0);
  }

  /** The record of an entity, read from here whenever it is asked. */
  entity(id: number, ref: string): StoredEntity {
    return new LoadedEntity(this, id, ref);
  }

  /** A text that entities share. @param which 0: location, 1: source, 2: commit */
  sharedText(id: number, which: 0 | 1 | 2): string {
    return this.#shared.at(this.#sharedBy[id * SHARED_TEXTS + which] ?? 0);
  }
}

/** Texts of one entity that others may have too. */
export const SHARED_TEXTS = 3;

/** The texts of a section. */
export function textsOf(file: SectionFile, name: string): TextColumn {
  return new TextColumn(file.bytes(name), file.integers(`${name}.starts`));
}

/** A copy of a record that stands for itself. */
export function plainRecord(stored: StoredEntity): StoredEntity {
  const { ref, uid, body, hash, location, source, line, commit, createdAt, updatedAt } = stored;
  const record = { ref, uid, body, hash, location, source, line, createdAt, updatedAt };
  return commit === undefined ? record : { ...record, commit };
}

/** A record in an image. It holds no text but its ref: the body is in memory once, as bytes. */
class LoadedEntity implements StoredEntity {
  readonly ref: string;
  readonly #nodes: ImageNodes;
  readonly #id: number;

  constructor(nodes: ImageNodes, id: number, ref: string) {
    this.ref = ref;
    this.#nodes = nodes;
    this.#id = id;
  }

  get uid(): string {
    return this.#nodes.uids.at(this.#id);
  }

  get body(): string {
    return this.#nodes.bodies.at(this.#id);
  }

  get hash(): string {
    return this.#nodes.hashes.at(this.#id);
  }

  get location(): string {
    return this.#nodes.sharedText(this.#id, 0);
  }

  get source(): string {
    return this.#nodes.sharedText(this.#id, 1);
  }

  get commit(): string | undefined {
    return this.#nodes.sharedText(this.#id, 2) || undefined;
  }

  get line(): number {
    return this.#nodes.lines[this.#id] ?? 0;
  }

  get createdAt(): number {
    return this.#nodes.createdAt[this.#id] ?? 0;
  }

  get updatedAt(): number {
    return this.#nodes.updatedAt[this.#id] ?? 0;
  }
}
