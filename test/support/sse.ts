import type { ChangeEvent, RelistEvent } from '../../src/api/events.ts';

/** One server-sent event as it came. */
export interface SentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Partial<ChangeEvent & RelistEvent>;
}

/** An open event stream. */
export interface SseReader {
  readonly status: number;
  readonly headers: Headers;
  /** All that came so far, as text. */
  text(): string;
  /** The next event of one of these names; others before it are passed over. Rejects when the stream ends first. */
  next(...names: readonly string[]): Promise<SentEvent>;
  /** The next event `change` that tells of entities themselves, with those alone: collectors write facts beside it. */
  nextEntities(): Promise<{ readonly id: string | undefined; readonly told: readonly string[] }>;
  /** Resolves with all that came when the server ends the stream. */
  ended(): Promise<string>;
  close(): void;
}

/** Follows an event stream by hand, so that a test sees every byte. */
export async function openSse(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
  const abort = new AbortController();
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: abort.signal });
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('The answer has no body');
  const decoder = new TextDecoder();
  let all = '';
  let rest = '';
  const pull = async (): Promise<boolean> => {
    const { value, done } = await reader.read();
    const text = decoder.decode(value, { stream: !done });
    all += text;
    rest += text;
    return !done;
  };
  const stream: SseReader = {
    status: response.status,
    headers: response.headers,
    text: () => all,
    async nextEntities() {
      for (;;) {
        const { id, data } = await stream.next('change');
        const told = (data.changes ?? []).filter(({ parts }) => parts.includes('entity'));
        if (told.length > 0) return { id, told: told.map(({ type, ref }) => `${type} ${ref}`) };
      }
    },
    async next(...names) {
      for (;;) {
        const end = rest.indexOf('\n\n');
        if (end === -1) {
          if (!(await pull())) throw new Error(`The stream ended before ${names.join(', ')}: ${all}`);
          continue;
        }
        const event = parseEvent(rest.slice(0, end));
        rest = rest.slice(end + 2);
        if (event !== undefined && names.includes(event.event)) return event;
      }
    },
    async ended() {
      while (await pull());
      return all;
    },
    close: () => abort.abort(),
  };
  return stream;
}

function parseEvent(block: string): SentEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return { id: fields.get('id'), event: fields.get('event') ?? 'message', data: JSON.parse(data) as SentEvent['data'] };
}
