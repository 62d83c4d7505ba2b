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

/** Compiled patterns, the one used longest ago first. */
const cache = new Map<string, Pattern | Unknown>();

/** Compiles a pattern, or takes it from the cache. Unknown, with the reason, where it is not RE2 or too large. */
export function patternOf(source: string): Pattern | Unknown {
  if (source.length > MAX_PATTERN_LENGTH) {
    return new Unknown(`the regular expression is longer than ${MAX_PATTERN_LENGTH} characters`);
  }
  const pattern = cache.get(source) ?? compile(source);
  cache.delete(source);
  cache.set(source, pattern);
  const [oldest] = cache.keys();
  if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
  return pattern;
}

function compile(source: string): Pattern | Unknown {
  try {
    const regex = RE2JS.compile(source);
    const size = regex.programSize();
    if (size > MAX_PROGRAM_SIZE) return new Unknown('the regular expression is too large: repeat fewer times');
    return { regex, cost: Math.max(1, size / INSTRUCTIONS_PER_STEP) };
  } catch (error) {
    if (error instanceof RE2JSSyntaxException)
      return new Unknown(`the regular expression is not RE2: ${reasonOf(error)}`);
    throw error;
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
  const pattern = patternOf(source);
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
  const pattern = patternOf(source);
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
