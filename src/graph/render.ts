import { hash } from 'node:crypto';
import type { Entity, EntityRelation, RenderedEntity } from '../model/entity.ts';
import type { Cache } from './cache.ts';
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

  /** Forgets the rendering of a changed entity. */
  forget(id: number): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    this.#keptBytes -= kept.byteLength;
  }

  /** Forgets everything. */
  clear(): void {
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
    const entity = JSON.parse(stored.body) as Entity;
    const relations = listRelations(subjects.relationsOf(id, shows));
    const etag = entity.metadata.etag ?? hash('sha1', JSON.stringify([stored.uid, stored.hash, relations]));
    const rendered: RenderedEntity = { ...entity, metadata: { ...entity.metadata, etag }, relations };
    return Buffer.from(JSON.stringify(rendered));
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

/** Relations as an entity shows them: by type, then by target. */
export function listRelations(byType: Readonly<Record<string, readonly string[]>>): EntityRelation[] {
  return Object.keys(byType)
    .sort()
    .flatMap((type) => (byType[type] ?? []).map((targetRef) => ({ type, targetRef })));
}
