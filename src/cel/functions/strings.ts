import { countCharacters, toOffset, toPosition } from '../characters.ts';
import { charge, chargeMade, type Frame } from '../frame.ts';
import { formatText } from '../format.ts';
import { globalFunction, method, type Overload } from '../overload.ts';
import { Unknown, type Result, type Value } from '../value.ts';

const OUT_OF_RANGE = new Unknown('an index is out of range');
const NOT_TEXT = new Unknown('an element is not a string');

/** White space as CEL has it: Unicode's, without the byte order mark that JavaScript adds. */
const SPACES: ReadonlySet<string> = new Set(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);
// oxlint-disable-next-line no-control-regex -- these are the characters to escape
const QUOTED_CHARACTERS = /[\u0007-\r"\\]/g;

/** CEL's functions on text, and those of its strings extension. Positions count code points. */
export const stringFunctions: readonly Overload[] = [
  method(
    'string',
    'startsWith',
    { params: ['string'], result: 'bool', doc: 'begins with the prefix' },
    (_, text, part) => text.startsWith(part),
  ),
  method('string', 'endsWith', { params: ['string'], result: 'bool', doc: 'ends with the suffix' }, (_, text, part) =>
    text.endsWith(part),
  ),
  method('string', 'contains', { params: ['string'], result: 'bool', doc: 'has the text in it' }, (_, text, part) =>
    text.includes(part),
  ),
  globalFunction('size', { params: ['string'], result: 'int', doc: 'number of code points' }, (_, text) =>
    countCharacters(text),
  ),
  method('string', 'size', { params: [], result: 'int', doc: 'number of code points' }, (_, text) =>
    countCharacters(text),
  ),
  method('string', 'lowerAscii', { params: [], result: 'string', doc: 'A-Z in lower case' }, (_, text) =>
    text.replaceAll(/[A-Z]+/g, (part) => part.toLowerCase()),
  ),
  method('string', 'upperAscii', { params: [], result: 'string', doc: 'a-z in upper case' }, (_, text) =>
    text.replaceAll(/[a-z]+/g, (part) => part.toUpperCase()),
  ),
  method('string', 'trim', { params: [], result: 'string', doc: 'without white space around it' }, (_, text) =>
    trim(text),
  ),
  method('string', 'reverse', { params: [], result: 'string', doc: 'backwards' }, (frame, text) => {
    charge(frame, text.length / 4);
    return Array.from(text).reverse().join('');
  }),
  method('string', 'charAt', { params: ['int'], result: 'string', doc: 'the character there, or ""' }, (_, text, at) =>
    at < 0 || at > countCharacters(text) ? OUT_OF_RANGE : text.slice(toOffset(text, at), toOffset(text, at + 1)),
  ),
  method('string', 'indexOf', { params: ['string'], result: 'int', doc: 'where it stands first, or -1' }, indexOf),
  method(
    'string',
    'indexOf',
    { params: ['string', 'int'], result: 'int', doc: 'the same from a position on' },
    indexOf,
  ),
  method(
    'string',
    'lastIndexOf',
    { params: ['string'], result: 'int', doc: 'where it stands last, or -1' },
    lastIndexOf,
  ),
  method(
    'string',
    'lastIndexOf',
    { params: ['string', 'int'], result: 'int', doc: 'the same up to a position' },
    lastIndexOf,
  ),
  method('string', 'substring', { params: ['int'], result: 'string', doc: 'from a position on' }, substring),
  method(
    'string',
    'substring',
    { params: ['int', 'int'], result: 'string', doc: 'from a position to before another' },
    substring,
  ),
  method(
    'string',
    'replace',
    { params: ['string', 'string'], result: 'string', doc: 'each occurrence replaced' },
    replace,
  ),
  method(
    'string',
    'replace',
    { params: ['string', 'string', 'int'], result: 'string', doc: 'the first n replaced' },
    replace,
  ),
  method('string', 'split', { params: ['string'], result: 'list', doc: 'the parts between separators' }, split),
  method('string', 'split', { params: ['string', 'int'], result: 'list', doc: 'at most n parts' }, split),
  method('list', 'join', { params: [], result: 'string', doc: 'the strings one after another' }, join),
  method('list', 'join', { params: ['string'], result: 'string', doc: 'the strings with a separator' }, join),
  method(
    'string',
    'format',
    { params: ['list'], result: 'string', doc: 'fills %s %d %f %e %b %o %x %X and %%' },
    formatText,
  ),
  globalFunction('strings.quote', { params: ['string'], result: 'string', doc: 'as a CEL literal' }, (frame, text) => {
    chargeMade(frame, text.length * 8);
    return `"${text.replaceAll(QUOTED_CHARACTERS, (found) => ESCAPES.get(found) ?? found)}"`;
  }),
];

function indexOf(_: Frame, text: string, part: string, from = 0): Result {
  if (from < 0 || from > countCharacters(text)) return OUT_OF_RANGE;
  return toPosition(text, text.indexOf(part, toOffset(text, from)));
}

function lastIndexOf(_: Frame, text: string, part: string, to?: number): Result {
  if (to !== undefined && (to < 0 || to > countCharacters(text))) return OUT_OF_RANGE;
  return toPosition(text, text.lastIndexOf(part, to === undefined ? text.length : toOffset(text, to)));
}

function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACES.has(text.charAt(start))) start += 1;
  while (end > start && SPACES.has(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function substring(_: Frame, text: string, from: number, to?: number): Result {
  const length = countCharacters(text);
  const end = to ?? length;
  if (from < 0 || end > length || from > end) return OUT_OF_RANGE;
  return text.slice(toOffset(text, from), toOffset(text, end));
}

function replace(frame: Frame, text: string, from: string, to: string, limit = -1): Result {
  charge(frame, text.length / 4);
  const parts = from === '' ? Array.from(text) : text.split(from);
  const wanted = from === '' ? parts.length + 1 : parts.length - 1;
  const count = limit < 0 ? wanted : Math.min(limit, wanted);
  chargeMade(frame, text.length + count * Math.max(8, to.length));
  if (from === '')
    return `${count > 0 ? to : ''}${parts.map((part, index) => (index + 1 < count ? part + to : part)).join('')}`;
  const head = parts.slice(0, count + 1).join(to);
  const tail = parts.slice(count + 1);
  return tail.length === 0 ? head : [head, ...tail].join(from);
}

function split(frame: Frame, text: string, separator: string, limit = -1): Result {
  if (limit === 0) return [];
  charge(frame, text.length / 4);
  const parts = separator === '' ? Array.from(text) : text.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function join(frame: Frame, items: readonly Value[], separator = ''): Result {
  const texts: string[] = [];
  let length = separator.length * items.length;
  for (const item of items) {
    if (typeof item !== 'string') return NOT_TEXT;
    length += item.length;
    texts.push(item);
  }
  chargeMade(frame, length);
  return texts.join(separator);
}
