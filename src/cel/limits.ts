/** What one expression may cost, to compile and to evaluate. */
export interface Limits {
  /** Length of the source in UTF-8 bytes. */
  readonly sourceBytes: number;
  /** Nesting of operators, brackets and calls; chains of `&&` and `||` count once. */
  readonly depth: number;
  /** Nodes of the parsed source. */
  readonly nodes: number;
  /** Elements of one list or map that is written out. */
  readonly elements: number;
  /**
   * Steps of one evaluation: an iteration of a macro, a comparison, 64 characters of text gone over. They are shared
   * out evenly to the parts of a condition that are evaluated one by one. 100,000 take some milliseconds.
   */
  readonly steps: number;
}

/** The limits where nothing else is asked for. */
export const DEFAULT_LIMITS: Limits = {
  sourceBytes: 4096,
  depth: 64,
  nodes: 2000,
  elements: 500,
  steps: 100_000,
};
