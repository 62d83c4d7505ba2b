import { get, type IncomingMessage } from 'node:http';

/** Bytes that are taken in a second. */
const BYTES_PER_SECOND = 1_000;

/** An answer that is read so slowly that its connection is full all the time. */
export interface SlowReader {
  /** Bytes that were taken so far. */
  readonly taken: number;
  /** Reads on as fast as it can, until what came in all is enough. */
  hurry(enough: (text: string) => boolean): Promise<string>;
  close(): void;
}

/** Asks for something and reads a kilobyte of it a second. */
export async function readSlowly(url: string, headers: Readonly<Record<string, string>>): Promise<SlowReader> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { ...headers }, agent: false }, resolve).on('error', reject);
  });
  // Until it is closed; whoever breaks it off is not told of that.
  response.on('error', () => response.destroy());
  let taken = Buffer.alloc(0);
  const timer = setInterval(() => {
    const bytes = response.read(BYTES_PER_SECOND) as Buffer | null;
    if (bytes !== null) taken = Buffer.concat([taken, bytes]);
  }, 1_000);
  return {
    get taken() {
      return taken.byteLength;
    },
    async hurry(enough) {
      clearInterval(timer);
      let text = taken.toString();
      for await (const chunk of response) {
        text += String(chunk);
        if (enough(text)) break;
      }
      return text;
    },
    close() {
      clearInterval(timer);
      response.destroy();
    },
  };
}
