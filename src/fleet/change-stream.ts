import type { Access } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import { streamFleetChanges, type FleetChangesQuery } from '../api/fleet-changes.ts';
import type { PermissionName } from '../api/route.ts';
import type { Clock } from '../base/clock.ts';
import type { LivePosition, LiveReader, LiveTold } from '../live/live-reader.ts';
import { openEventWriter, retryMs, startHeartbeat, type EventWriter } from '../manifest/event-writer.ts';
import type { Route, RouteRequest } from '../manifest/manifest.ts';
import { PendingChanges } from './pending-changes.ts';
import type { FleetScopes, Sight } from './scope.ts';

/** What all streams of changes share. */
export interface ChangeStreamOptions {
  readonly live: LiveReader;
  readonly scopes: FleetScopes;
  readonly access: Pick<Access, 'prepare' | 'currentOf' | 'onChange'>;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly seats: {
    /** Takes one of the streams that may be open. @returns gives it back */
    take(principal: Principal): () => void;
  };
  readonly revisions: {
    /** Calls after new revisions of the catalog: memberships decide what somebody may see. @returns ends it */
    onRevision(listener: () => void): () => void;
  };
  /** Ends every stream, when the server closes. */
  readonly closing: AbortSignal;
}

/** Time between two events of a stream, ms; what happens meanwhile is told together. */
const PAUSE_MS = 200;

const permission: PermissionName = 'fleet.object.read';

/** The route of the stream of changes, `GET /api/v1/fleet/changes`. */
export function changeStreamRoute(options: ChangeStreamOptions): Route {
  return {
    contract: streamFleetChanges,
    async handle(request, { log }) {
      const seen = lastSeen(request);
      const leave = options.seats.take(request.principal);
      const stream = new ChangeStream(request, options);
      try {
        await stream.run(seen);
      } catch (error) {
        // The answer has begun, so the client learns of it by the end of the stream, and comes again.
        if (!stream.signal.aborted) log.error({ error, request: request.raw.id }, 'stream of the fleet failed');
      } finally {
        stream.close();
        leave();
      }
      return request.reply;
    },
  };
}

/** Where a reader stopped; `mark`: what it could see then, where that is known. */
interface LastSeen {
  readonly position: LivePosition;
  readonly mark?: string | undefined;
}

/** Where the reader stopped: the header of a reconnecting browser is newer than the URL it was given. */
function lastSeen(request: RouteRequest): LastSeen | undefined {
  const header = request.raw.headers['last-event-id'];
  const { after } = request.query as FleetChangesQuery;
  const form = /^([0-9A-Za-z_-]{1,64}):(\d{1,15})(?::([0-9a-z]{1,16}))?$/;
  const [, epoch, sequence, mark = ''] = (typeof header === 'string' && form.exec(header)) || [];
  if (epoch !== undefined) return { position: { epoch, sequence: Number(sequence) }, mark };
  const [, fromEpoch, from] = (after !== undefined && form.exec(after)) || [];
  return fromEpoch === undefined ? undefined : { position: { epoch: fromEpoch, sequence: Number(from) } };
}

type StreamEvent =
  | LiveTold
  | { readonly type: 'relist'; readonly position: LivePosition; readonly reason: 'permission' }
  | { readonly type: 'ended'; readonly position: LivePosition; readonly reason: 'signed-out' };

/** One reader's stream. It looks again at who asks and what they may see before each event, and whenever that may have changed. */
class ChangeStream {
  readonly signal: AbortSignal;
  readonly #options: ChangeStreamOptions;
  readonly #out: EventWriter;
  readonly #pending = new PendingChanges();
  readonly #ends: (() => void)[];
  #principal: Principal;
  #sight: Sight | undefined;
  #unfollow: (() => void) | undefined;

  constructor(request: RouteRequest, options: ChangeStreamOptions) {
    this.#options = options;
    this.#principal = request.principal;
    this.signal = AbortSignal.any([request.signal, options.closing]);
    this.#out = openEventWriter(request.reply);
    const wake = (): void => this.#pending.wake();
    // Sessions also run out, which nothing tells of.
    const beat = (): void => {
      this.#out.beat();
      wake();
    };
    const heart = startHeartbeat({ beat }, options);
    this.signal.addEventListener('abort', wake, { once: true });
    this.#ends = [() => heart.stop(), options.access.onChange(wake), options.revisions.onRevision(wake)];
  }

  /** Tells what happens until the reader is gone, signed out, or the server closes. */
  async run(seen: LastSeen | undefined): Promise<void> {
    const { clock, live } = this.#options;
    await this.#out.write(`retry: ${retryMs.normal}\n\n`, this.signal);
    const sight = await this.#look();
    if (sight === undefined) return;
    this.#sight = sight;
    if (seen?.mark !== undefined && seen.mark !== sight.mark) await this.#listAgain();
    else this.#follow(seen?.position ?? live.position);
    if (seen === undefined) {
      await this.#tell({ type: 'changes', position: live.position, objects: [], clusters: [] });
    }
    while (!this.signal.aborted) {
      await this.#pending.woken();
      if (this.signal.aborted || !(await this.#tellPending())) return;
      await clock.sleep(PAUSE_MS, this.signal);
    }
  }

  close(): void {
    this.#unfollow?.();
    for (const end of this.#ends) end();
    this.#out.end(this.#options.closing.aborted ? `retry: ${retryMs.closing}\n: the server closes\n\n` : '');
  }

  /** @returns false where the stream is over */
  async #tellPending(): Promise<boolean> {
    const sight = await this.#look();
    if (sight === undefined) return false;
    if (sight.mark !== this.#sight?.mark) {
      this.#sight = sight;
      await this.#listAgain();
      return true;
    }
    const told = this.#pending.take();
    if (told !== undefined) await this.#tell(told);
    return true;
  }

  /** What the reader may see now; undefined where it is signed out, which it is told. */
  async #look(): Promise<Sight | undefined> {
    const { access, scopes } = this.#options;
    await access.prepare(this.#principal, [permission]);
    const now = access.currentOf(this.#principal);
    if (now !== undefined) {
      this.#principal = now;
      return scopes.of(now, permission);
    }
    await this.#tell({ type: 'ended', position: this.#options.live.position, reason: 'signed-out' });
    return undefined;
  }

  /** Begins anew with what the reader may see now: what it was told before may be too much or too little. */
  async #listAgain(): Promise<void> {
    const { position } = this.#options.live;
    this.#follow(position);
    await this.#tell({ type: 'relist', position, reason: 'permission' });
  }

  #follow(after: LivePosition): void {
    this.#unfollow?.();
    this.#pending.clear();
    const scope = this.#sight?.scope ?? {};
    this.#unfollow = this.#options.live.follow(after, scope, (told) => this.#pending.add(told));
  }

  /** One event; its id is the position, and a mark of what the reader can see. */
  #tell(told: StreamEvent): Promise<void> {
    const { epoch, sequence } = told.position;
    const mark = this.#sight?.mark ?? '';
    const id = mark === '' ? `${epoch}:${sequence}` : `${epoch}:${sequence}:${mark}`;
    return this.#out.event({ id, name: told.type, data: told }, this.signal);
  }
}
