/** How far back reading begins again, ms: kubelets take whole seconds, and lines may stand a little out of their order. */
const OVERLAP_MS = 2_000;
/** Moments of lines that are remembered; where there are more in that time a line may be told twice, none is lost. */
const MOST_MOMENTS = 20_000;
/** Those that are no longer needed are looked for where there are twice as many as there were after the last look, and so many. */
const LEAST_MOMENTS = 500;

/** When a line was printed. */
export interface LineMoment {
  /** As the cluster tells it. */
  readonly at: string;
  /** As `momentOf` has it. */
  readonly moment: number;
}

interface Taken {
  readonly moment: number;
  count: number;
}

/**
 * Where the reading of one log stands, so that it can go on after the connection broke. Lines have no number, and a cluster is
 * asked by a moment: it is asked from a little before, and of the lines of each moment as many are left out as were
 * taken. A log only grows, so those that were taken are the first of their moment.
 */
export class LogCursor {
  readonly #taken = new Map<string, Taken>();
  #repeats: Map<string, number> | undefined;
  #first: number | undefined;
  #from = -Infinity;
  #newest: number | undefined;
  #lookAt = LEAST_MOMENTS;

  /** The log is open. Where nothing is read before it breaks, reading begins again from here. @param now ms since 1970 */
  open(now: number): void {
    this.#newest ??= now;
  }

  /** From when on to ask; undefined where it was never open. What comes then is compared with what was taken. */
  resume(): string | undefined {
    if (this.#newest === undefined) return undefined;
    const from = Math.floor((this.#newest - OVERLAP_MS) / 1000) * 1000;
    this.#repeats = new Map();
    this.#from = from;
    for (const [at, { moment, count }] of this.#taken) {
      if (moment < from) this.#taken.delete(at);
      else this.#repeats.set(at, count);
    }
    return new Date(from).toISOString();
  }

  /** Takes a line. @returns false where it was taken before, stands before the first one that was, or before where it goes on */
  take({ at, moment }: LineMoment): boolean {
    const repeats = this.#repeats?.get(at) ?? 0;
    if (repeats > 0) {
      this.#repeats?.set(at, repeats - 1);
      return false;
    }
    if (this.#repeats !== undefined && moment < Math.max(this.#from, this.#first ?? -Infinity)) return false;
    const taken = this.#taken.get(at);
    if (taken === undefined) this.#taken.set(at, { moment, count: 1 });
    else taken.count += 1;
    this.#first ??= moment;
    this.#newest = Math.max(this.#newest ?? moment, moment);
    if (this.#taken.size > this.#lookAt) this.#forgetOld();
    return true;
  }

  #forgetOld(): void {
    const from = (this.#newest ?? 0) - OVERLAP_MS - 1_000;
    for (const [at, { moment }] of this.#taken) {
      if (this.#taken.size <= MOST_MOMENTS / 2 && moment >= from) break;
      this.#taken.delete(at);
    }
    this.#lookAt = Math.min(MOST_MOMENTS, Math.max(LEAST_MOMENTS, this.#taken.size * 2));
  }
}

/**
 * Milliseconds since 1970 with their fraction, to order lines by; within one log their own order holds.
 *
 * @param at RFC 3339; @returns undefined where it is none
 */
export function momentOf(at: string): number | undefined {
  const point = at.indexOf('.');
  if (point === -1) return numberOf(Date.parse(at));
  const zone = at.slice(point).search(/[Z+-]/) + point;
  const whole = numberOf(Date.parse(at.slice(0, point) + at.slice(zone)));
  return whole === undefined ? undefined : whole + Number(`0${at.slice(point, zone)}`) * 1000;
}

function numberOf(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
