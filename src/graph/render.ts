import { hash } from 'node:crypto';
import type { StoredEntity } from '../model/change.ts';
import type { Entity, EntityRelation } from '../model/entity.ts';
import type { Projection } from '../model/projection.ts';
import type { Cache } from './cache.ts';
import { CutBodies, cutBody } from './cut-bodies.ts';
import type { ShowsTarget } from './subject.ts';

/** Rendered entities kept for the next answer. */
const KEPT_BYTES = 256 * 1024 * 1024;

/**
 * Entities as the read APIs give them: the declared document, the relations that show, and an etag over both. The
 * rendering with all relations is kept until the entity or its relations change.
 */
export class Renderer {
  readonly #cache: Cache;
  readonly #kept = new Map<number, Uint8Array>();
  /** Goes with the entity's record. */
  readonly #frames = new WeakMap<StoredEntity, Frame>();
  readonly #cuts = new CutBodies();
  #keptBytes = 0;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** JSON bytes of an existing entity. @param shows which edges may show; absent: all */
  bytes(id: number, shows?: ShowsTarget): Uint8Array {
    if (shows && this.#hides(id, shows)) return this.#render(id, shows);
    const kept = this.#kept.get(id);
    if (kept) return kept;
    const bytes = this.#render(id);
    this.#keep(id, bytes);
    return bytes;
  }

  /** Existing entities cut down to some fields, as JSON texts. @param shows which edges may show; absent: all */
  cutBodies(ids: readonly number[], projection: Projection, shows?: ShowsTarget): string[] {
    const read = (id: number): Uint8Array => this.#kept.get(id) ?? this.#render(id);
    if (shows === undefined) return this.#cuts.of(ids, projection, read);
    const [alike, others] = [[] as number[], new Map<number, string>()];
    for (const id of ids) {
      if (this.#hides(id, shows)) others.set(id, cutBody(this.#render(id, shows), projection));
      else alike.push(id);
    }
    const texts = this.#cuts.of(alike, projection, read);
    let next = 0;
    return ids.map((id) => others.get(id) ?? texts[next++] ?? '');
  }

  /** Forgets the rendering of a changed entity. */
  forget(id: number): void {
    this.#cuts.forget(id);
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    this.#keptBytes -= kept.byteLength;
  }

  /** Forgets everything. */
  clear(): void {
    this.#cuts.clear();
    this.#kept.clear();
    this.#keptBytes = 0;
  }

  #hides(id: number, shows: ShowsTarget): boolean {
    let hides = false;
    this.#cache.relations.forEachEdge(id, (_type, target) => {
      hides ||= !shows(target);
    });
    return hides;
  }

  #render(id: number, shows?: ShowsTarget): Uint8Array {
    const { nodes, subjects } = this.#cache;
    const stored = nodes.stored(id);
    if (stored === undefined) throw new Error('only entities are rendered');
    const shown = JSON.stringify(listRelations(subjects.relationsOf(id, shows)));
    const status = this.#cache.statuses.textOf(stored.ref, stored.location);
    const relations = status === undefined ? shown : `${shown},"status":${status}`;
    // What is shown to everybody is kept whole; frames are kept for the others, who all see something else.
    const { head, tail, hasEtag } = shows ? this.#frame(stored) : frameOf(stored.body);
    const etag = hasEtag ? '' : hash('sha1', `${stored.uid} ${stored.hash} ${relations}`);
    return Buffer.from(`${head}${etag}${tail},"relations":${relations}}`);
  }

  #frame(stored: StoredEntity): Frame {
    let frame = this.#frames.get(stored);
    if (frame === undefined) {
      frame = frameOf(stored.body);
      this.#frames.set(stored, frame);
    }
    return frame;
  }

  #keep(id: number, bytes: Uint8Array): void {
    this.#kept.set(id, bytes);
    this.#keptBytes += bytes.byteLength;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= KEPT_BYTES) break;
      this.forget(oldest);
    }
  }
}

/** The text of an entity around what is made for each reader: its etag, and its relations at the end. */
interface Frame {
  readonly head: string;
  readonly tail: string;
  /** True where the file gave an etag, which then stands in `head`. */
  readonly hasEtag: boolean;
}

/** How the bodies begin that our own readers made: the etag goes behind the name, without reading the rest. */
const usualHead = /^\{"apiVersion":"[^"\\]*","kind":"[^"\\]*","metadata":\{"name":"[^"\\]*"/;

function frameOf(body: string): Frame {
  const usual = body.includes('"etag":') ? undefined : usualHead.exec(body)?.[0];
  if (usual === undefined) return frameOfEntity(JSON.parse(body) as Entity);
  return { head: `${usual},"etag":"`, tail: `"${body.slice(usual.length, -1)}`, hasEtag: false };
}

function frameOfEntity(entity: Entity): Frame {
  const { metadata } = entity;
  if (metadata.etag !== undefined) return { head: JSON.stringify(entity).slice(0, -1), tail: '', hasEtag: true };
  const members = Object.entries(entity).map(([key, value]) => [JSON.stringify(key), JSON.stringify(value)] as const);
  const at = members.findIndex(([key]) => key === '"metadata"');
  const text = (part: typeof members): string[] => part.map(([key, value]) => `${key}:${value}`);
  // Metadata has a name at least, so that a comma is in place before the etag.
  const opened = `"metadata":${JSON.stringify(metadata).slice(0, -1)},"etag":"`;
  const head = [...text(members.slice(0, at)), opened].join(',');
  return { head: `{${head}`, tail: ['"}', ...text(members.slice(at + 1))].join(','), hasEtag: false };
}

/** Relations as an entity shows them: by type, then by target. */
export function listRelations(byType: Readonly<Record<string, readonly string[]>>): EntityRelation[] {
  return Object.keys(byType)
    .sort()
    .flatMap((type) => (byType[type] ?? []).map((targetRef) => ({ type, targetRef })));
}
