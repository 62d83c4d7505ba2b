import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import type { FaultState } from './faults.ts';

const PIECE_MS = 50;

/** The port of a server: it can be closed and opened again, and bytes can be held up or cut on their way. */
export class Gate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port: number;

  /**
   * @param port 0: any free one, the same each time it is opened again
   * @param accept takes a connection
   * @param wire absent: bytes go straight through and wire faults have no effect
   */
  constructor(port: number, accept: (socket: Duplex) => void, wire?: FaultState) {
    this.#port = port;
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      // A client that goes away in the middle is nothing to tell of.
      socket.on('error', () => socket.destroy());
      if (wire === undefined) return accept(socket);
      const [inner, outer] = duplexPair();
      inner.on('error', () => inner.destroy());
      outer.on('error', () => outer.destroy());
      socket.once('close', () => outer.destroy());
      outer.once('close', () => {
        socket.destroy();
        inner.destroy();
      });
      void carry(socket, outer, wire, false);
      void carry(outer, socket, wire, true);
      accept(inner);
    });
  }

  get port(): number {
    return this.#port;
  }

  /** Listens on loopback. @throws Error where the port is taken */
  async open(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Cuts all connections; the port stays as it is. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Cuts all connections and stops listening. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }
}

/** Carries bytes one way as the fault of the moment lets them. */
async function carry(from: Duplex, to: Duplex, wire: FaultState, isAnswer: boolean): Promise<void> {
  let carried = 0;
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length;) {
        while (wire.find('freeze') && !to.destroyed) await pause();
        if (to.destroyed) return;
        const slow = isAnswer ? wire.find('slow') : undefined;
        const cut = isAnswer ? wire.find('cut') : undefined;
        const room = slow ? Math.ceil((slow.bytesPerSecond * PIECE_MS) / 1000) : chunk.length;
        const piece = chunk.subarray(at, at + Math.min(room, cut ? cut.afterBytes - carried : Infinity));
        at += piece.length;
        carried += piece.length;
        if (!to.write(piece)) await once(to, 'drain');
        if (cut && carried >= cut.afterBytes) return void to.destroy();
        if (slow) await pause();
      }
    }
    to.end();
  } catch {
    // One side went away: the other goes too.
    to.destroy();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PIECE_MS));
}
