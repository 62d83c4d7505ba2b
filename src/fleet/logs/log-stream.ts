import type { Access } from '../../access/access.ts';
import type { Principal } from '../../access/principal.ts';
import type { LogEnd, LogItem } from '../../api/logs.ts';
import type { Clock } from '../../base/clock.ts';
import { CallboardError } from '../../base/errors.ts';
import type { LiveReader, LiveTold } from '../../live/live-reader.ts';
import type { Acting } from '../acting/acting.ts';
import type { ActingGate } from '../acting/acting-gate.ts';
import type { FleetScopes, Sight } from '../scope.ts';
import { type PodsAsked, type ReadablePods, readablePods } from './log-places.ts';
import type { LogQuestion } from './log-question.ts';
import { jsonWriter, textWriter } from './log-text.ts';

/** How often pods that came or went are asked for, ms. */
const PODS_MS = 1_000;
/** How soon it is seen that who asks may not read any more, ms: half a second after a sign-out the server ends what goes on. */
const LOOK_MS = 200;

/** What all streams of logs share. */
export interface LogStreamOptions {
  readonly live: LiveReader;
  readonly acting: Acting;
  readonly gate: ActingGate;
  readonly scopes: FleetScopes;
  readonly access: Pick<Access, 'prepare' | 'currentOf' | 'onChange'>;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly revisions: { onRevision(listener: () => void): () => void };
}

/** What one stream reads. */
export interface LogStreamStart {
  readonly asked: PodsAsked;
  readonly sight: Sight;
  readonly question: LogQuestion;
  readonly first: ReadablePods;
  /** Ends when the reader goes away or the server closes. */
  readonly signal: AbortSignal;
}

/** The server thread's part of reading logs: which pods there are, and whether they may still be read. What is read goes through as it is. */
export class LogStream {
  readonly #options: LogStreamOptions;
  readonly #start: LogStreamStart;
  readonly #session: string;
  readonly #over = new AbortController();
  #principal: Principal;
  #end: LogEnd['reason'] | undefined;
  #haveRightsChanged = false;
  #havePodsChanged = false;

  constructor(options: LogStreamOptions, start: LogStreamStart) {
    this.#options = options;
    this.#start = start;
    this.#principal = start.asked.principal;
    this.#session = options.clock.token(16);
  }

  /** Everything that is told, until it is over. */
  async *bytes(): AsyncGenerator<Uint8Array, void> {
    const { question, signal } = this.#start;
    const over = AbortSignal.any([signal, this.#over.signal]);
    const watched = this.#watch(over);
    // The reader learns at once that it is heard.
    if (!question.isText) yield this.#line({ type: 'alive' });
    try {
      yield* this.#read(over);
    } catch (thrown) {
      if (this.#end !== undefined) yield this.#line({ type: 'end', reason: this.#end });
      else if (!signal.aborted) yield this.#line(failure(thrown));
    } finally {
      this.#over.abort();
      await watched;
    }
  }

  #read(signal: AbortSignal): AsyncIterable<Uint8Array> {
    const { question, first } = this.#start;
    const { pods, users, problems } = first;
    return this.#options.acting.runStream(
      'logs',
      { session: this.#session, question, pods, users, problems },
      { signal },
    );
  }

  #line(item: LogItem): Uint8Array {
    const writer = this.#start.question.isText ? textWriter : jsonWriter;
    return new Uint8Array(Buffer.from(writer.item(item)));
  }

  /** Looks at pods and rights as long as the stream is open. */
  async #watch(over: AbortSignal): Promise<void> {
    const { access, revisions, live, clock, heartbeatMs } = this.#options;
    const onRights = (): void => {
      this.#haveRightsChanged = true;
    };
    const ends = [access.onChange(onRights), revisions.onRevision(onRights)];
    const { question, asked } = this.#start;
    if (question.isFollowed) ends.push(live.follow(undefined, asked.scope, (told) => this.#onTold(told)));
    let lookAt = clock.monotonic() + heartbeatMs;
    let podsAt = clock.monotonic() + PODS_MS;
    try {
      while (await isGoingOn(clock.sleep(LOOK_MS, over), over)) {
        // Sessions also run out, which nothing tells of.
        if (this.#haveRightsChanged || clock.monotonic() >= lookAt) {
          lookAt = clock.monotonic() + heartbeatMs;
          await this.#lookAtRights();
        }
        if (!this.#havePodsChanged || over.aborted || clock.monotonic() < podsAt) continue;
        await this.#lookAtPods(over);
        podsAt = clock.monotonic() + PODS_MS;
      }
    } catch (thrown) {
      // Whoever cannot be checked is told nothing more.
      this.#end = 'permission';
      this.#over.abort(thrown);
    } finally {
      for (const end of ends) end();
    }
  }

  #onTold(told: LiveTold): void {
    const { namespace } = this.#start.asked.query;
    this.#havePodsChanged ||=
      told.type === 'relist' || told.objects.some((object) => object.kind === 'Pod' && object.namespace === namespace);
  }

  async #lookAtRights(): Promise<void> {
    const { access, scopes } = this.#options;
    this.#haveRightsChanged = false;
    await access.prepare(this.#principal, ['fleet.log.read']);
    const now = access.currentOf(this.#principal);
    if (now === undefined) this.#end = 'signed-out';
    else if (scopes.of(now, 'fleet.log.read').mark !== this.#start.sight.mark) this.#end = 'permission';
    else this.#principal = now;
    if (this.#end !== undefined) this.#over.abort();
  }

  async #lookAtPods(signal: AbortSignal): Promise<void> {
    const { live, gate, acting } = this.#options;
    this.#havePodsChanged = false;
    try {
      const { pods, users } = await readablePods(live, gate, { ...this.#start.asked, principal: this.#principal });
      await acting.run('logPods', { session: this.#session, pods, users }, { signal });
    } catch (thrown) {
      if (!(thrown instanceof CallboardError)) throw thrown;
      // A thread starts again: it is asked once more a second later.
      this.#havePodsChanged = true;
    }
  }
}

async function isGoingOn(pause: Promise<void>, over: AbortSignal): Promise<boolean> {
  try {
    await pause;
    return true;
  } catch (thrown) {
    if (!over.aborted) throw thrown;
    return false;
  }
}

function failure(thrown: unknown): LogItem {
  if (!(thrown instanceof CallboardError)) throw thrown;
  return { type: 'problem', code: thrown.code, message: thrown.message };
}
