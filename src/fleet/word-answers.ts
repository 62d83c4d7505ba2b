/** In `WordAnswers.known`: the answer; 0: it was not asked yet. */
export const knownYes = 1;
export const knownNo = 2;

/** Answers to one question about words, or about sets of pairs, each asked once. */
export class WordAnswers {
  /** What is known already, by id: a long loop looks for `knownNo`, the usual answer, before it asks. */
  readonly known: Uint8Array;
  /** All ids that pass, where they are known. */
  readonly passing: readonly number[] | undefined;
  readonly #test: (id: number) => boolean;

  /**
   * @param known one byte for each id, 0 where it is to be asked; 0 as an id, no word, is asked about too
   * @param passing all ids that pass, where they are known
   */
  constructor(known: Uint8Array | number, test: (id: number) => boolean, passing?: readonly number[]) {
    this.known = typeof known === 'number' ? new Uint8Array(known) : known;
    this.passing = passing;
    this.#test = test;
  }

  of(id: number): boolean {
    const known = this.known[id];
    if (known === knownYes || known === knownNo) return known === knownYes;
    const isYes = this.#test(id);
    this.known[id] = isYes ? knownYes : knownNo;
    return isYes;
  }
}
