import { EVENT_ID, getScalarValue, type Event } from 'js-yaml';

/** The events of one YAML document inside the list of a whole text: from its first node event up to, not including, its end. */
export interface EventSpan {
  readonly text: string;
  readonly events: readonly Event[];
  /** Index of the root node's event. */
  readonly from: number;
  /** Index of the event that closes the document. */
  readonly to: number;
}

/** Cuts a parsed event list into its documents, in order. */
export function documentSpans(text: string, events: readonly Event[]): readonly EventSpan[] {
  const spans: EventSpan[] = [];
  let at = 0;
  while (at < events.length) {
    const from = at + 1;
    const to = nodeEnd(events, from);
    spans.push({ text, events, from, to });
    at = to + 1;
  }
  return spans;
}

/**
 * The size of a document in characters once every alias is replaced by what it stands for. YAML lets a few hundred
 * bytes stand for gigabytes; this is known before anything is built.
 *
 * @returns the size, or `undefined` where an alias stands inside its own anchor and so has no end
 */
export function expandedSize(span: EventSpan): number | undefined {
  const sizes = new Map<string, number | undefined>();
  const open: { anchor: string | undefined; before: number }[] = [];
  let size = 0;
  for (let at = span.from; at < span.to; at += 1) {
    const event = span.events[at];
    if (event === undefined) break;
    if (event.type === EVENT_ID.POP) {
      const closed = open.pop();
      if (closed?.anchor !== undefined) sizes.set(closed.anchor, size - closed.before);
      continue;
    }
    if (event.type === EVENT_ID.DOCUMENT) continue;
    const name = event.anchorStart === -1 ? undefined : span.text.slice(event.anchorStart, event.anchorEnd);
    if (event.type === EVENT_ID.ALIAS) {
      const target = name === undefined ? undefined : sizes.get(name);
      if (target === undefined) return undefined;
      size += target;
    } else if (event.type === EVENT_ID.SCALAR) {
      const own = event.valueEnd - event.valueStart + 1;
      size += own;
      if (name !== undefined) sizes.set(name, own);
    } else {
      size += 1;
      open.push({ anchor: name, before: size - 1 });
      if (name !== undefined) sizes.set(name, undefined);
    }
  }
  return size;
}

/**
 * Where a field stands in the text.
 *
 * @param path keys and list positions from the document's root; where the path ends in nothing, the deepest part that
 *   exists is meant (a missing field is shown at the object that lacks it)
 * @returns offset of the field's key, list item, or of the root
 */
export function fieldOffset(span: EventSpan, path: readonly (string | number)[]): number {
  let at = span.from;
  let offset = startOf(span, at);
  for (const segment of path) {
    const found = child(span, at, segment);
    if (found === undefined) break;
    offset = found.offset;
    at = found.value;
  }
  return offset;
}

function child(
  span: EventSpan,
  parent: number,
  segment: string | number,
): { readonly value: number; readonly offset: number } | undefined {
  const { events, text } = span;
  const type = events[parent]?.type;
  if (type !== EVENT_ID.MAPPING && type !== EVENT_ID.SEQUENCE) return undefined;
  let index = 0;
  for (let at = parent + 1; at < span.to && events[at]?.type !== EVENT_ID.POP; index += 1) {
    if (type === EVENT_ID.SEQUENCE) {
      if (index === segment) return { value: at, offset: startOf(span, at) };
      at = nodeEnd(events, at);
      continue;
    }
    const key = events[at];
    const value = nodeEnd(events, at);
    if (key?.type === EVENT_ID.SCALAR && key.valueStart >= 0 && getScalarValue(text, key) === String(segment)) {
      return { value, offset: startOf(span, at) };
    }
    at = nodeEnd(events, value);
  }
  return undefined;
}

/** Index just behind the node that starts at `at`. */
function nodeEnd(events: readonly Event[], at: number): number {
  let depth = 0;
  for (let index = at; index < events.length; index += 1) {
    const type = events[index]?.type;
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth += 1;
    else if (type === EVENT_ID.POP) depth -= 1;
    if (depth === 0) return index + 1;
  }
  return events.length;
}

function startOf(span: EventSpan, at: number): number {
  const event = span.events[at];
  if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return 0;
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  const start = event.type === EVENT_ID.SCALAR ? event.valueStart : event.start;
  const quoted = event.type === EVENT_ID.SCALAR && (event.style === 2 || event.style === 3) ? 1 : 0;
  return Math.max(0, start - quoted);
}
