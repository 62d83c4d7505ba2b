import type { Column } from '../live/column.ts';
import type { PairSets } from './pair-sets.ts';
import type { Words } from './words.ts';

/** Texts that are remembered of each form; then they are forgotten and remembered anew. */
const MOST = 16_384;
/** Longer ones, as templates are, are made each time, characters. */
const LONGEST = 1_024;

/** The JSON of words and of sets of pairs, remembered from answer to answer: pages of objects repeat the same few thousand. */
export class CellJson {
  readonly #words: Words;
  readonly #pairs: PairSets;
  readonly #byForm = new Map<Column['form'], Map<number, string>>();
  readonly #sets = new Map<number, string>();
  /** Sets that were forgotten when the last was remembered: another set may have its id. */
  #forgotten = 0;

  constructor(words: Words, pairs: PairSets) {
    this.#words = words;
    this.#pairs = pairs;
    words.onForget((id) => {
      for (const known of this.#byForm.values()) known.delete(id);
    });
  }

  /** The JSON of a word. @param form of its column */
  word(id: number, form: Column['form']): string {
    let known = this.#byForm.get(form);
    if (known === undefined) this.#byForm.set(form, (known = new Map()));
    return known.get(id) ?? remembered(known, id, formed(this.#words.text(id), form));
  }

  /** The JSON of a set of pairs, an object. */
  set(id: number): string {
    if (this.#forgotten !== this.#pairs.forgotten) {
      this.#forgotten = this.#pairs.forgotten;
      this.#sets.clear();
    }
    return this.#sets.get(id) ?? remembered(this.#sets, id, formed(this.#pairs.text(id), 'pairs'));
  }
}

function remembered(known: Map<number, string>, id: number, json: string): string {
  if (json.length > LONGEST) return json;
  if (known.size >= MOST) known.clear();
  known.set(id, json);
  return json;
}

/** A text in the form of its column, as JSON. What should be JSON and is not is shown as a text. */
export function formed(text: string, form: Column['form']): string {
  if (form === 'lines') return JSON.stringify(text === '' ? [] : text.split('\n'));
  if (form === 'json') return isJson(text) ? text : JSON.stringify(text);
  if (form !== 'pairs') return JSON.stringify(text);
  const pairs = text === '' ? [] : text.split('\n').map((line) => pairOf(line));
  return JSON.stringify(Object.fromEntries(pairs));
}

function pairOf(line: string): readonly [string, string] {
  const equals = line.indexOf('=');
  return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
