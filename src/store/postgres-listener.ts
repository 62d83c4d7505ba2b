import { Client } from 'pg';
import type { Clock, Timer } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { HintOf } from './messages.ts';
import { ACCESS_CHANNEL, connectionConfig, LOG_CHANNEL } from './postgres-driver.ts';

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 15_000;

/** What a listener needs. */
export interface ListenerOptions {
  readonly databaseUrl: string;
  readonly clock: Clock;
  /** Called when another process may have committed, and after each connection, since something may have been missed. */
  readonly onNotify: (of: HintOf) => void;
  /** Called when the connection is lost or cannot be made. */
  readonly onTrouble: (reason: string) => void;
}

/**
 * Listens on a connection of its own for commits of other processes, and connects anew, with growing and random
 * delays, when that breaks. Only a hint: who must not miss a commit polls.
 */
export class PostgresListener {
  readonly #options: ListenerOptions;
  #client: Client | undefined;
  #timer: Timer | undefined;
  #attempts = 0;
  #closed = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Connects; a failure leads to the next try, not to an error. */
  async start(): Promise<void> {
    const client = new Client(connectionConfig(this.#options.databaseUrl));
    this.#client = client;
    client.on('notification', ({ channel }) => this.#options.onNotify(channel === ACCESS_CHANNEL ? 'access' : 'log'));
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('the connection was closed')));
    try {
      await client.connect();
      await client.query(`LISTEN ${LOG_CHANNEL}; LISTEN ${ACCESS_CHANNEL}`);
      this.#attempts = 0;
      this.#options.onNotify('log');
      this.#options.onNotify('access');
    } catch (error) {
      this.#lost(client, error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    const client = this.#client;
    this.#client = undefined;
    // A connection that is broken already cannot be ended in good order, and need not be.
    await client?.end().catch(() => undefined);
  }

  /** Runs once for each connection, however many events tell of its end. */
  #lost(client: Client, error: unknown): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    this.#options.onTrouble(errorMessage(error));
    // The socket may still be there after an error that came in the middle of the handshake.
    client.end().catch(() => undefined);
    const { clock } = this.#options;
    const ceilingMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#timer = clock.after(ceilingMs * (0.5 + clock.random() / 2), () => void this.start());
  }
}
