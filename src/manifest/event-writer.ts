import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import type { Clock, Timer } from '../base/clock.ts';

/** What a reader is told to wait before it reconnects, in milliseconds; the server that closes may be back by then. */
export const retryMs = { normal: 1000, closing: 2000 };

/** One open stream of server-sent events as lines go out on it. */
export interface EventWriter {
  /** Resolves when the socket takes more, so that the next event is only made then. */
  write(text: string, signal: AbortSignal): Promise<void>;
  /** One event with data as JSON. */
  event(
    parts: { readonly id: string; readonly name: string; readonly data: object },
    signal: AbortSignal,
  ): Promise<void>;
  /** A comment, unless the reader is behind: it then has something coming anyway. */
  beat(): void;
  end(lastWords: string): void;
}

/** Takes over a reply as a stream of server-sent events. */
export function openEventWriter(reply: FastifyReply): EventWriter {
  reply.hijack();
  const response = reply.raw;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) response.setHeader(name, value);
  // `no-transform` and X-Accel-Buffering keep proxies from holding events back to compress or to buffer them.
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  const write = async (text: string, signal: AbortSignal): Promise<void> => {
    if (!response.write(text)) await once(response, 'drain', { signal });
  };
  return {
    write,
    event: ({ id, name, data }, signal) =>
      write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`, signal),
    beat: () => {
      if (!response.writableNeedDrain) response.write(': alive\n\n');
    },
    end: (lastWords) => void response.end(lastWords),
  };
}

/** Sends comments so that silence means a broken connection. */
export function startHeartbeat(
  out: Pick<EventWriter, 'beat'>,
  { clock, heartbeatMs }: { readonly clock: Clock; readonly heartbeatMs: number },
): { stop(): void } {
  let timer: Timer = clock.after(heartbeatMs, beat);
  function beat(): void {
    out.beat();
    timer = clock.after(heartbeatMs, beat);
  }
  return { stop: () => timer.cancel() };
}
