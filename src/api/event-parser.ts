/** One server-sent event as it came over the wire. */
export interface ServerSentEvent {
  /** Event name; `message` where none was given. */
  readonly event: string;
  readonly data: string;
  /** Last event id so far. */
  readonly id: string | undefined;
}

/** What one chunk of the stream completed. */
export interface ParsedChunk {
  readonly events: readonly ServerSentEvent[];
  /** Reconnection time that the server asked for, ms. */
  readonly retryMs: number | undefined;
}

/** A reader of `text/event-stream` that takes the text in chunks as they come. */
export interface EventParser {
  /** @throws RangeError when one event grows past the limit */
  push(chunk: string): ParsedChunk;
}

const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/**
 * Makes a parser for one connection (rules: WHATWG HTML, server-sent events; comments are dropped, lines end in LF,
 * CR or CRLF).
 *
 * @param lastId id to start from, e.g. of the connection before
 * @param maxLength largest event in characters
 */
export function createEventParser(lastId?: string, maxLength = MAX_EVENT_LENGTH): EventParser {
  let rest = '';
  let id = lastId;
  let event = '';
  let data: string[] = [];
  let length = 0;

  function field(line: string, events: ServerSentEvent[]): number | undefined {
    if (line === '') {
      if (data.length > 0) events.push({ event: event || 'message', data: data.join('\n'), id });
      event = '';
      data = [];
      length = 0;
      return undefined;
    }
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d{1,9}$/.test(value)) return Number(value);
    return undefined;
  }

  return {
    push(chunk) {
      const events: ServerSentEvent[] = [];
      let retryMs: number | undefined;
      rest += chunk;
      // A CR at the very end may be half of a CRLF: it waits for the next chunk.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        length += line.length;
        retryMs = field(line, events) ?? retryMs;
      }
      if (length + rest.length > maxLength) throw new RangeError(`An event is longer than ${maxLength} characters`);
      return { events, retryMs };
    },
  };
}
