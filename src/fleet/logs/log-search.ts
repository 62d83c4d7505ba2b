import { compilePattern } from '../../cel/pattern.ts';
import { Unknown } from '../../cel/value.ts';
import { fleetError } from '../errors.ts';

/** Places that are marked in one line. */
const MOST_MARKS = 20;
/** How much of a line a regular expression looks at, UTF-16 units: it may cost some µs a unit. */
const MOST_LOOKED_AT = 4_096;

/** Where something was found in a line: UTF-16 units, the end not included. */
export type LogMark = readonly [start: number, end: number];

/** Finds a question's text in a line. @returns where it was found; undefined: nowhere */
export type LogSearch = (text: string) => readonly LogMark[] | undefined;

/**
 * Makes the search for what is asked: a text, letter case does not count; or a regular expression in RE2's syntax between
 * slashes, of which the first 4,096 units of a line are looked at.
 *
 * @throws LOG_QUERY_INVALID
 */
export function logSearch(q: string): LogSearch {
  const [, source] = /^\/(.+)\/$/.exec(q) ?? [];
  return source === undefined ? textSearch(q) : patternSearch(source);
}

function textSearch(q: string): LogSearch {
  const asked = q.toLowerCase();
  return (text) => {
    const lower = text.toLowerCase();
    let at = lower.indexOf(asked);
    if (at === -1) return undefined;
    // A few letters have another length in lower case; places would be wrong then.
    if (lower.length !== text.length) return [];
    const marks: LogMark[] = [];
    for (; at !== -1 && marks.length < MOST_MARKS; at = lower.indexOf(asked, at + asked.length))
      marks.push([at, at + asked.length]);
    return marks;
  };
}

function patternSearch(source: string): LogSearch {
  const { result } = compilePattern(source);
  if (result instanceof Unknown) throw fleetError('LOG_QUERY_INVALID', { problem: result.reason });
  const { regex } = result;
  return (line) => {
    const text = line.length > MOST_LOOKED_AT ? line.slice(0, MOST_LOOKED_AT) : line;
    if (!regex.test(text)) return undefined;
    const marks: LogMark[] = [];
    const matcher = regex.matcher(text);
    while (marks.length < MOST_MARKS && matcher.find())
      if (matcher.end() > matcher.start()) marks.push([matcher.start(), matcher.end()]);
    return marks;
  };
}
