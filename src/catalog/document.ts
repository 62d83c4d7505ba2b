import { constructFromEvents, parseEvents, YAMLException } from 'js-yaml';
import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import { errorMessage } from '../base/errors.ts';
import type { JsonValue } from '../model/json.ts';
import { documentSpans, expandedSize, fieldOffset, type EventSpan } from './yaml-events.ts';

/** What a descriptor file may cost to read. */
export interface DocumentLimits {
  readonly fileBytes: number;
  readonly depth: number;
  readonly documents: number;
  /** Characters of one document after its aliases are replaced by what they stand for. */
  readonly expandedCharacters: number;
}

/** Limits that no honest descriptor comes near. */
export const documentLimits: DocumentLimits = {
  fileBytes: 8 * 1024 * 1024,
  depth: 100,
  documents: 20_000,
  expandedCharacters: 16 * 1024 * 1024,
};

/** A place in a file, both 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One document of a descriptor file that could be read. */
export interface DescriptorDocument {
  /** 1-based line of its first key. */
  readonly line: number;
  readonly value: JsonValue;
  /** Where a field stands; a missing field is placed at the deepest part of the path that exists. */
  place(path: readonly (string | number)[]): Place;
}

/** One document that could not. `text` is what stands there, for deciding whether it was meant as a descriptor. */
export interface UnreadableDocument {
  readonly line: number;
  readonly text: string;
  readonly code: 'yaml-syntax' | 'document-limit';
  readonly message: string;
  readonly place: Place;
}

/** What the text of a descriptor file holds, in order. Empty documents are left out. */
export type ParsedDocument = { readonly ok: true; readonly document: DescriptorDocument } | BadDocument;
type BadDocument = { readonly ok: false; readonly unreadable: UnreadableDocument };

/** Above this many characters a broken document is not parsed a second time for a better place and message. */
const SECOND_PARSE_CHARACTERS = 1024 * 1024;

/**
 * Parses YAML (and so JSON) with any number of documents. A document that is broken never hides those beside it: a
 * line that starts with `---` always ends a document in YAML, so the text is cut there and each part is read alone.
 * Merge keys (`<<`) stay plain keys, as in Backstage.
 */
export function parseDocuments(text: string, limits: DocumentLimits = documentLimits): readonly ParsedDocument[] {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const whole = parsePart({ text: clean, firstLine: 1 }, limits, false);
  const parsed = whole ?? cutDocuments(clean).flatMap((part) => parsePart(part, limits, true) ?? []);
  if (parsed.length <= limits.documents) return parsed;
  return [{ ok: false, unreadable: limitError(clean, 1, `more than ${limits.documents} documents in one file`) }];
}

/** A piece of a file and the line it starts at. */
interface Part {
  readonly text: string;
  readonly firstLine: number;
}

/** Cuts the text before each line that starts a document. */
function cutDocuments(text: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  let firstLine = 1;
  for (const match of text.matchAll(/^---(?=[\s]|$)/gm)) {
    if (match.index === from) continue;
    parts.push({ text: text.slice(from, match.index), firstLine });
    firstLine += countLines(text, from, match.index);
    from = match.index;
  }
  parts.push({ text: text.slice(from), firstLine });
  return parts;
}

/** Returns `undefined` where the part has a syntax error and `last` is false: the caller then cuts it smaller. */
function parsePart(part: Part, limits: DocumentLimits, last: boolean): readonly ParsedDocument[] | undefined {
  try {
    const events = parseEvents(part.text, { maxDepth: limits.depth });
    const lines = new LineIndex(part);
    const documents: ParsedDocument[] = [];
    for (const span of documentSpans(part.text, events)) {
      const parsed = buildDocument(span, lines, limits);
      if (parsed !== undefined) documents.push(parsed);
    }
    return documents;
  } catch (thrown) {
    if (!(thrown instanceof YAMLException)) throw thrown;
    return last ? secondOpinion(part, thrown) : undefined;
  }
}

function buildDocument(span: EventSpan, lines: LineIndex, limits: DocumentLimits): ParsedDocument | undefined {
  const start = fieldOffset(span, []);
  const size = expandedSize(span);
  const place = lines.place(start);
  if (size === undefined) {
    return { ok: false, unreadable: limitError('', place.line, 'an alias that contains itself') };
  }
  if (size > limits.expandedCharacters) {
    const what = `aliases that stand for more than ${limits.expandedCharacters} characters`;
    return { ok: false, unreadable: limitError('', place.line, what) };
  }
  // An event list with the document's own events only: anchors do not reach over documents.
  const events = span.events.slice(span.from - 1, span.to + 1);
  const [value] = constructFromEvents(events, { source: span.text, maxAliases: -1 }) as readonly (
    | JsonValue
    | undefined
  )[];
  if (value === null || value === undefined) return undefined;
  return {
    ok: true,
    document: { line: place.line, value, place: (path) => lines.place(fieldOffset(span, path)) },
  };
}

/**
 * What the slower parser says of a broken part: it places errors better, and it reads a few things (unknown tags, keys
 * that are not text) that Backstage reads too because this is its parser.
 */
function secondOpinion(part: Part, first: YAMLException): readonly ParsedDocument[] {
  const mark = first.mark;
  const fallback: Place = { line: part.firstLine + (mark?.line ?? 0), column: (mark?.column ?? 0) + 1 };
  const unreadable = (message: string, place: Place): BadDocument => ({
    ok: false,
    unreadable: { line: part.firstLine, text: part.text, code: 'yaml-syntax', message, place },
  });
  if (part.text.length > SECOND_PARSE_CHARACTERS || /depth/.test(first.reason))
    return [unreadable(first.reason, fallback)];
  const counter = new LineCounter();
  const documents = parseAllDocuments(part.text, { lineCounter: counter, prettyErrors: false, logLevel: 'silent' });
  const results: ParsedDocument[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const error = document.errors[0];
    const at = counter.linePos(error?.pos[0] ?? document.contents?.range?.[0] ?? 0);
    const place = { line: part.firstLine + at.line - 1, column: at.col };
    if (error !== undefined) results.push(unreadable(error.message, place));
    else results.push(...plainDocument(document, place, unreadable));
  }
  return results.length > 0 ? results : [unreadable(first.reason, fallback)];
}

function plainDocument(
  document: Document,
  place: Place,
  unreadable: (message: string, place: Place) => BadDocument,
): readonly ParsedDocument[] {
  try {
    const text = JSON.stringify(document.toJS({ maxAliasCount: 100 })) as string | undefined;
    if (text === undefined || text === 'null') return [];
    return [{ ok: true, document: { line: place.line, value: JSON.parse(text) as JsonValue, place: () => place } }];
  } catch (thrown) {
    return [unreadable(errorMessage(thrown), place)];
  }
}

function limitError(text: string, line: number, what: string): UnreadableDocument {
  return { line, text, code: 'document-limit', message: `The document has ${what}`, place: { line, column: 1 } };
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Turns offsets into lines; counts the lines of a text once, when first asked. */
class LineIndex {
  readonly #part: Part;
  #starts: number[] | undefined;

  constructor(part: Part) {
    this.#part = part;
  }

  place(offset: number): Place {
    this.#starts ??= lineStarts(this.#part.text);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: this.#part.firstLine + low, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
