import type { Logger } from 'pino';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Environment } from '../../config/environment.ts';
import type { ClusterConnection } from '../../kube/connection.ts';
import { createCredential } from '../../kube/credentials.ts';
import { PluginRuns } from '../../kube/exec-plugin-runs.ts';
import { type ClusterTransport, openTransport } from '../../kube/transport.ts';
import { fleetError } from '../errors.ts';

/** A connection that nobody has used for so long is closed, ms. */
const IDLE_MS = 60_000;
/**
 * Answers that go on and share a connection. API servers allow 100 requests on one, what stands before them may allow fewer; who is not
 * let through waits as if the cluster did not answer.
 */
const LASTING_ON_ONE = 25;

/** What transports are made with. */
export interface TransportParts {
  readonly clock: Clock;
  readonly environment: Environment;
  readonly log: Logger;
}

/** How a transport is to be used. */
export interface TransportUse {
  /** By which who asks is known to the cluster itself; absent: by the cluster's credential. */
  readonly authorization?: string | undefined;
  /** True for an answer that goes on: it shares a connection with few others like it, and with nothing else. */
  readonly isLasting?: boolean | undefined;
}

/** A transport for as long as one needs it. */
export interface UsedTransport {
  readonly transport: ClusterTransport;
  /** Gives it back. @param isBroken the cluster did not answer: who asks next connects anew */
  release(isBroken: boolean): void;
}

interface Held {
  readonly cluster: string;
  readonly transport: ClusterTransport;
  readonly isLasting: boolean;
  uses: number;
  idle: Timer | undefined;
}

/** Connections to clusters that are made when somebody asks, and closed when nobody does. */
export class HeldTransports {
  readonly #parts: TransportParts;
  readonly #runs: PluginRuns;
  readonly #connections = new Map<string, ClusterConnection>();
  /** What those who ask next get. */
  readonly #current = new Set<Held>();
  /** These and those that are only used to their end. */
  readonly #open = new Set<Held>();

  constructor(parts: TransportParts) {
    this.#parts = parts;
    this.#runs = new PluginRuns(parts.clock, parts.environment);
  }

  /** A cluster came, or is reached otherwise: what is under way on the old connection goes on there. */
  put(connection: ClusterConnection): void {
    const known = this.#connections.get(connection.name);
    this.#connections.set(connection.name, connection);
    if (JSON.stringify(known) === JSON.stringify(connection)) return;
    for (const held of this.#current) {
      if (held.cluster !== connection.name) continue;
      this.#current.delete(held);
      this.#rest(held);
    }
  }

  /** A cluster went: what is under way there ends. */
  drop(cluster: string): void {
    this.#connections.delete(cluster);
    for (const held of this.#open) if (held.cluster === cluster) void this.#close(held);
  }

  /**
   * The transport of a cluster, to be released.
   * @throws CLUSTER_UNKNOWN
   */
  use(cluster: string, { authorization, isLasting = false }: TransportUse = {}): UsedTransport {
    if (authorization !== undefined) return this.#own(cluster, authorization);
    const held = this.#find(cluster, isLasting) ?? this.#make(cluster, isLasting);
    held.uses += 1;
    held.idle?.cancel();
    let isReleased = false;
    return {
      transport: held.transport,
      release: (isBroken) => {
        if (isReleased) return;
        isReleased = true;
        held.uses -= 1;
        // A held transport would refuse while it pauses between attempts; a person who asks again wants an attempt.
        if (isBroken) this.#current.delete(held);
        this.#rest(held);
      },
    };
  }

  /** Closes all. */
  async close(): Promise<void> {
    this.#connections.clear();
    await Promise.all([...this.#open].map((held) => this.#close(held)));
  }

  /** A connection for one request. With a client certificate on it a cluster would take who asks for Callboard's account. */
  #own(cluster: string, authorization: string): UsedTransport {
    const connection = { ...this.#connectionOf(cluster), impersonation: undefined };
    const credential = { proof: () => Promise.resolve({ authorization }), refuse: () => false };
    const transport = openTransport(connection, credential, this.#parts);
    return { transport, release: () => void transport.close() };
  }

  /** @throws CLUSTER_UNKNOWN */
  #connectionOf(cluster: string): ClusterConnection {
    const connection = this.#connections.get(cluster);
    if (connection === undefined) throw fleetError('CLUSTER_UNKNOWN', { cluster });
    return connection;
  }

  #find(cluster: string, isLasting: boolean): Held | undefined {
    for (const held of this.#current) {
      const hasRoom = !isLasting || held.uses < LASTING_ON_ONE;
      if (held.cluster === cluster && held.isLasting === isLasting && hasRoom) return held;
    }
    return undefined;
  }

  #make(cluster: string, isLasting: boolean): Held {
    const connection = this.#connectionOf(cluster);
    const { clock, environment, log } = this.#parts;
    const credential = createCredential(connection.credential, connection, {
      clock,
      environment,
      log,
      runs: this.#runs,
    });
    const transport = openTransport(connection, credential, { clock });
    const held: Held = { cluster, transport, isLasting, uses: 0, idle: undefined };
    this.#current.add(held);
    this.#open.add(held);
    return held;
  }

  /** Nobody uses it now: it is closed after a while, or at once where nobody gets it any more. */
  #rest(held: Held): void {
    if (held.uses > 0) return;
    held.idle?.cancel();
    if (!this.#current.has(held)) void this.#close(held);
    else held.idle = this.#parts.clock.after(IDLE_MS, () => void this.#close(held));
  }

  #close(held: Held): Promise<void> {
    held.idle?.cancel();
    this.#open.delete(held);
    this.#current.delete(held);
    return held.transport.close();
  }
}
