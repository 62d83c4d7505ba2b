import type { KnownEntity } from './palette-item.ts';

/** Entities of answers that are kept for the next letter. */
const MOST_KNOWN = 400;

/** Entities that the server told of while the page was open, the latest last: what a next letter is first looked for among. */
class KnownEntities {
  readonly #byRef = new Map<string, KnownEntity>();
  #version = 0;

  /** Another number whenever more is known. */
  get version(): number {
    return this.#version;
  }

  add(entities: readonly KnownEntity[]): void {
    this.#version += 1;
    for (const entity of entities) {
      this.#byRef.delete(entity.ref);
      this.#byRef.set(entity.ref, entity);
    }
    for (const ref of this.#byRef.keys()) {
      if (this.#byRef.size <= MOST_KNOWN) break;
      this.#byRef.delete(ref);
    }
  }

  get(ref: string): KnownEntity | undefined {
    return this.#byRef.get(ref);
  }

  all(): readonly KnownEntity[] {
    return [...this.#byRef.values()];
  }
}

/** The entities that this page was told of. */
export const knownEntities = new KnownEntities();
