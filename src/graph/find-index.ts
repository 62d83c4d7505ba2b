import { Bitset } from '../base/bitset.ts';
import type { Clock } from '../base/clock.ts';
import { forEachId } from '../base/postings.ts';
import { type FieldText, isCalling } from '../model/find-match.ts';
import { foldText } from '../model/folded-text.ts';
import type { Cache } from './cache.ts';
import { FindColumn } from './find-column.ts';
import { findColumns, textsOf } from './find-texts.ts';
import { Pacer } from './pacer.ts';
import { part } from './touch-log.ts';

/** Past this share of changed entities the texts are collected anew; until then changed ones are read one by one. */
const CHANGED_SHARE = 32;
/** So many changed entities are read one by one in any case. */
const FEW_CHANGED = 256;

/** The texts of all entities as they were at one step of the cache. */
export interface FindTexts {
  readonly step: number;
  /** Names, titles and display names. */
  readonly calling: FindColumn;
  /** All other texts. */
  readonly about: FindColumn;
  /** By entity, which of `calling` is its name. */
  readonly names: Uint32Array;
}

/**
 * What entities can be found by, collected when it is first asked for, in short turns, and then kept: entities that
 * changed since are left out of what was collected and read one by one, until they are so many that it is collected anew.
 */
export class FindIndex {
  readonly cache: Cache;
  readonly #clock: Clock;
  #collected: FindTexts | undefined;
  #collecting: Promise<FindTexts> | undefined;
  #changed = new Bitset();
  #changedTexts = new Map<number, readonly FieldText[]>();
  /** The step that `#changed` goes to. */
  #step = -1;

  constructor(cache: Cache, clock: Clock) {
    this.cache = cache;
    this.#clock = clock;
  }

  /** Resolves when `texts` can be asked; at once where little changed since it was last asked. */
  async ready(): Promise<void> {
    const most = Math.max(FEW_CHANGED, this.cache.nodes.existing.size / CHANGED_SHARE);
    if (this.#collected && this.changed().size <= most) return;
    this.#collecting ??= this.#collect().finally(() => (this.#collecting = undefined));
    const collected = await this.#collecting;
    if (this.#collected === collected) return;
    this.#collected = collected;
    this.#changed = new Bitset();
    this.#changedTexts = new Map();
    this.#step = collected.step;
  }

  /** What was collected, after `ready`; of entities in `changed` it tells how they were. */
  texts(): FindTexts {
    if (this.#collected === undefined) throw new Error('texts are asked for after ready');
    return this.#collected;
  }

  /** The entities that changed since, and perhaps more. Shared: do not change. */
  changed(): Bitset {
    const { touches } = this.cache;
    if (this.#step === touches.step) return this.#changed;
    const touched = touches.since(this.#step, part.entity);
    touched.forEach((id) => this.#changedTexts.delete(id));
    this.#changed.or(touched);
    this.#step = touches.step;
    return this.#changed;
  }

  /** The texts of a changed entity as they are now. */
  textsOfChanged(id: number): readonly FieldText[] {
    let texts = this.#changedTexts.get(id);
    if (texts === undefined) {
      texts = textsOf(this.cache, id);
      this.#changedTexts.set(id, texts);
    }
    return texts;
  }

  async #collect(): Promise<FindTexts> {
    const { nodes, touches } = this.cache;
    const { step } = touches;
    const pacer = new Pacer(this.#clock);
    const [calling, about] = [new FindColumn(true), new FindColumn(false)];
    // What changes meanwhile is among the changed: its sets of entities may be of any moment.
    const names = new Uint32Array(nodes.capacity);
    for (const [field, column] of findColumns(this.cache)) {
      const into = isCalling(field) ? calling : about;
      for (const { value, ids } of column.terms.entries()) {
        if (value === null) continue;
        const text = String(value);
        const entry = into.add(text, foldText(text), ids);
        if (field === 'name') forEachId(ids, (id) => (names[id] = entry));
        if (pacer.isDue()) await pacer.pause();
      }
    }
    for (const texts of [calling, about]) {
      await pacer.pause();
      texts.finish();
    }
    await pacer.pause();
    return { step, calling, about, names };
  }
}
