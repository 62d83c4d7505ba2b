import { RE2JS, RE2JSSyntaxException } from 're2js';
import { charge, type Frame } from './frame.ts';
import { Unknown } from './value.ts';

/**
 * Longest pattern, and most instructions of a compiled one. RE2 is linear in the text, but each character may cost
 * 150 ns an instruction (measured on counted repetitions), so both count.
 */
const MAX_PATTERN_LENGTH = 500;
const MAX_PROGRAM_SIZE = 300;
/** A pattern keeps up to 8 MB of states, so few are kept. */
const MAX_CACHED = 64;
/** Instructions that one step pays for, per character. */
const INSTRUCTIONS_PER_STEP = 2;

/** A compiled regular expression in RE2's syntax. */
export interface Pattern {
  readonly regex: RE2JS;
  /** Steps that one character of text costs. */
  readonly cost: number;
}

/** What compiling gave, and the steps it costs whoever uses it first. */
export interface Compiled {
  readonly result: Pattern | Unknown;
  readonly compileCost: number;
}

/** Compiled patterns, the one used longest ago first. */
const cache = new Map<string, Compiled>();

/** Compiling takes some µs an instruction. */
const STEPS_PER_INSTRUCTION = 20;
const STEPS_PER_PATTERN = 500;

/**
 * A pattern, compiled or from the cache; unknown, with the reason, where it is not RE2 or too large. An evaluation pays
 * for compiling each pattern once, whether the cache had it or not: its outcome must not depend on others.
 * @throws EXHAUSTED
 */
export function patternOf(source: string, frame: Frame): Pattern | Unknown {
  if (source.length > MAX_PATTERN_LENGTH) {
    return new Unknown(`the regular expression is longer than ${MAX_PATTERN_LENGTH} characters`);
  }
  const compiled = cache.get(source) ?? compilePattern(source);
  cache.delete(source);
  cache.set(source, compiled);
  const [oldest] = cache.keys();
  if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
  frame.patterns ??= new Set();
  if (!frame.patterns.has(source)) {
    frame.patterns.add(source);
    charge(frame, compiled.compileCost);
  }
  return compiled.result;
}

/** Compiles a pattern; unknown, with the reason, where it is not RE2 or too large. */
export function compilePattern(source: string): Compiled {
  try {
    const regex = RE2JS.compile(source);
    const size = regex.programSize();
    const compileCost = STEPS_PER_PATTERN + size * STEPS_PER_INSTRUCTION;
    if (size <= MAX_PROGRAM_SIZE)
      return { result: { regex, cost: Math.max(1, size / INSTRUCTIONS_PER_STEP) }, compileCost };
    return { result: new Unknown('the regular expression is too large: repeat fewer times'), compileCost };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return {
      result: new Unknown(`the regular expression is not RE2: ${reasonOf(error)}`),
      compileCost: STEPS_PER_PATTERN,
    };
  }
}

function reasonOf(error: Error): string {
  return error.message
    .replace(/^error parsing regexp: /, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 200);
}

/** True when the pattern fits anywhere in the text. @throws EXHAUSTED */
export function matches(frame: Frame, text: string, source: string): boolean | Unknown {
  const pattern = patternOf(source, frame);
  return pattern instanceof Unknown ? pattern : fitsPattern(frame, text, pattern);
}

/** The same with a pattern that is compiled already. @throws EXHAUSTED */
export function fitsPattern(frame: Frame, text: string, pattern: Pattern): boolean {
  charge(frame, text.length * pattern.cost);
  return pattern.regex.test(text);
}

/**
 * The parts of a text that a pattern fits, from left to right.
 *
 * @param limit most parts; negative for all
 * @throws EXHAUSTED
 */
export function findAll(frame: Frame, text: string, source: string, limit: number): readonly string[] | Unknown {
  const pattern = patternOf(source, frame);
  if (pattern instanceof Unknown) return pattern;
  const found: string[] = [];
  if (limit === 0) return found;
  const matcher = pattern.regex.matcher(text);
  let from = 0;
  // Each search may have to read to the end of the text before it knows where its match ends.
  for (;;) {
    charge(frame, (text.length - from + 1) * pattern.cost);
    if (!matcher.find()) return found;
    found.push(matcher.group() ?? '');
    if (found.length === limit) return found;
    from = matcher.end();
  }
}
