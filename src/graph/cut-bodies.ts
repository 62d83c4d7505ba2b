import type { JsonObject } from '../model/json.ts';
import type { Projection } from '../model/projection.ts';

/** Characters of cut bodies kept for the next answer. */
const KEPT_CHARACTERS = 32 * 1024 * 1024;

/** Cut bodies of one projection, by node. */
type Kept = Map<number, string>;

/**
 * Rendered entities cut down to the fields that clients asked for, as JSON texts. Lists of a whole catalog ask for the same
 * few fields again and again; reading and cutting a body takes about 15 us. Each is kept until its entity is rendered
 * anew; of the projections the least recently used go first.
 */
export class CutBodies {
  readonly #byFields = new Map<string, Kept>();
  #characters = 0;

  /**
   * The bodies of some entities, cut.
   * @param read the rendering of an entity that everybody sees alike
   */
  of(ids: readonly number[], projection: Projection, read: (id: number) => Uint8Array): string[] {
    const kept = this.#use(projection.fields);
    return ids.map((id) => {
      const known = kept.get(id);
      if (known !== undefined) return known;
      const text = cutBody(read(id), projection);
      this.#characters += text.length;
      kept.set(id, text);
      return text;
    });
  }

  /** Forgets what was cut of an entity. */
  forget(id: number): void {
    for (const kept of this.#byFields.values()) {
      this.#characters -= kept.get(id)?.length ?? 0;
      kept.delete(id);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#byFields.clear();
    this.#characters = 0;
  }

  #use(fields: string): Kept {
    const kept = this.#byFields.get(fields) ?? new Map<number, string>();
    this.#byFields.delete(fields);
    this.#byFields.set(fields, kept);
    for (const [oldest, texts] of this.#byFields) {
      if (this.#characters <= KEPT_CHARACTERS) break;
      for (const text of texts.values()) this.#characters -= text.length;
      texts.clear();
      if (oldest !== fields) this.#byFields.delete(oldest);
    }
    return kept;
  }
}

/** A rendered entity cut down to some fields, as JSON text. */
export function cutBody(body: Uint8Array, projection: Projection): string {
  return JSON.stringify(projection.cut(JSON.parse(utf8.decode(body)) as JsonObject));
}

const utf8 = new TextDecoder();
