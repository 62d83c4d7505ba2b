import type { Clock, Timer } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { ReadingState } from '../kube/reflection.ts';
import { faultOf } from '../kube/transport-fault.ts';
import type { LiveReason, LiveState } from '../live/cluster.ts';
import type { LiveKind } from '../live/live-kind.ts';
import type { ClusterWord } from './messages.ts';

/** How often it is told that watches live, ms. */
const ALIVE_MS = 5_000;
/**
 * How long after a watch was opened, or the server showed that it lives, what came until then is taken to have arrived, ms.
 * Servers send what a new watch missed at once.
 */
const ARRIVED_MS = 1_000;

/** Codes that say that the server is there and lets nobody in. */
const deniedCodes: ReadonlySet<string> = new Set(['Unauthorized', 'Forbidden', 'CredentialFailed']);

/** What the states of a cluster's kinds are told with. */
export interface ClusterStatesOptions {
  readonly clock: Clock;
  readonly tell: (word: ClusterWord) => void;
}

/**
 * What a cluster's reader tells of how its kinds are read. Nothing is called ok, or as of a time, before what came until then
 * has arrived: a watch that goes on from an older version is ok a moment after it was opened.
 */
export class ClusterStates {
  readonly #options: ClusterStatesOptions;
  /** Kinds that are ok. */
  readonly #ok = new Map<string, LiveKind>();
  /** Polled kinds that were ok when all watches were lost: their next list may be a minute away. */
  readonly #paused = new Map<string, LiveKind>();
  /** Kinds that will be ok in a moment. */
  readonly #soon = new Map<string, Timer>();
  readonly #listed = new Set<string>();
  #alive: Timer | undefined;
  #aliveAt = 0;
  #restarts = 0;
  #isClosed = false;

  constructor(options: ClusterStatesOptions) {
    this.#options = options;
  }

  /** Kinds that are read now. */
  get reading(): number {
    return this.#ok.size + this.#soon.size;
  }

  /** How often a kind that was read stopped being so. */
  get restarts(): number {
    return this.#restarts;
  }

  /** A list of a kind is whole: it is as of now. */
  listed(kind: LiveKind): void {
    this.#listed.add(kind.id);
  }

  /** A reflector says how it goes. */
  told(kind: LiveKind, { outcome, code, message }: ReadingState): void {
    if (outcome === 'ok') {
      this.#onOk(kind);
      return;
    }
    this.#forget(kind);
    const reason = code === undefined ? undefined : { code, message: message ?? code };
    this.#tell(kind, outcome === 'reading' ? 'stale' : outcome, reason);
    if (outcome === 'unreachable') this.#pausePolled(reason);
  }

  /** The cluster does not have this kind. */
  absent(kind: LiveKind): void {
    this.#forget(kind);
    this.#tell(kind, 'absent');
  }

  /** These kinds cannot be read. */
  failed(kinds: readonly LiveKind[], error: unknown): void {
    const reason = faultOf(error) ?? { code: codeOf(error), message: errorMessage(error) };
    const state = deniedCodes.has(reason.code) ? 'denied' : 'unreachable';
    for (const kind of kinds) {
      this.#forget(kind);
      this.#tell(kind, state, reason);
    }
  }

  /** Nobody reads this kind any more. */
  ended(kind: LiveKind): void {
    this.#forget(kind);
  }

  /** The server showed that it lives. @param at ms since 1970 */
  alive(at: number): void {
    if (this.#isClosed || this.#alive !== undefined || at - this.#aliveAt < ALIVE_MS) return;
    // What is listed now and then is as of its last list.
    const kinds = [...this.#ok.values()].filter(({ reading }) => reading !== 'polled').map(({ id }) => id);
    if (kinds.length === 0) return;
    this.#aliveAt = at;
    this.#alive = this.#options.clock.after(ARRIVED_MS, () => {
      this.#alive = undefined;
      this.#confirm(
        kinds.filter((id) => this.#ok.has(id)),
        at,
      );
    });
  }

  /** Nothing is told any more. */
  close(): void {
    this.#isClosed = true;
    this.#alive?.cancel();
    for (const timer of this.#soon.values()) timer.cancel();
    this.#soon.clear();
  }

  #onOk(kind: LiveKind): void {
    if (this.#isClosed || this.#soon.has(kind.id)) return;
    if (this.#listed.delete(kind.id) || this.#ok.has(kind.id)) {
      this.#nowOk(kind);
      return;
    }
    const at = this.#options.clock.now();
    const timer = this.#options.clock.after(ARRIVED_MS, () => {
      this.#soon.delete(kind.id);
      this.#nowOk(kind);
      this.#confirm([kind.id], at);
    });
    this.#soon.set(kind.id, timer);
  }

  #nowOk(kind: LiveKind): void {
    this.#ok.set(kind.id, kind);
    this.#paused.delete(kind.id);
    this.#tell(kind, 'ok');
    if (kind.reading === 'polled') return;
    for (const paused of this.#paused.values()) this.#nowOk(paused);
  }

  #pausePolled(reason: LiveReason | undefined): void {
    const polled = [...this.#ok.values()].filter(({ reading }) => reading === 'polled');
    if (this.#soon.size > 0 || polled.length < this.#ok.size) return;
    for (const kind of polled) {
      this.#ok.delete(kind.id);
      this.#paused.set(kind.id, kind);
      this.#tell(kind, 'unreachable', reason);
    }
  }

  #forget({ id }: LiveKind): void {
    this.#soon.get(id)?.cancel();
    this.#soon.delete(id);
    this.#listed.delete(id);
    this.#paused.delete(id);
    if (this.#ok.delete(id)) this.#restarts += 1;
  }

  #confirm(kinds: readonly string[], at: number): void {
    if (kinds.length > 0) this.#options.tell({ type: 'alive', at, kinds });
  }

  #tell({ id }: LiveKind, state: LiveState | 'absent', reason?: LiveReason): void {
    if (this.#isClosed) return;
    this.#options.tell({ type: 'state', kind: id, state, reason, at: this.#options.clock.now() });
  }
}

/** The word for what is no fault of the connection: a refusal says it, all else is a fault of the program. */
function codeOf(error: unknown): string {
  return error instanceof CallboardError ? String(error.details['code'] ?? error.code) : 'InternalError';
}
