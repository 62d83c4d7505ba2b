import { setFlagsFromString } from 'node:v8';
import type { Clock } from './clock.ts';

/** More memory outside the heap than this, come at once, makes V8 look for garbage. */
const SIGN_BYTES = 128 * 1024 * 1024;
/** V8 looks a second and a third time about ten seconds later, and gives free pages back then. */
const TRIM_MS = 30_000;

/**
 * Has V8 look for garbage now and give back what is free, in small steps between other work: a collection that is asked
 * for outright would stop the program for as long as it takes. By itself V8 does so only in a program that allocates a
 * little all the time, not in one that rests. The sign is memory that nobody writes to, so that it never becomes real.
 * For moments after which much is garbage and nothing more may come; it is for the whole process, workers too.
 */
export function trimHeap(clock: Clock): void {
  setFlagsFromString('--optimize-for-size');
  Buffer.allocUnsafeSlow(SIGN_BYTES);
  clock.after(TRIM_MS, () => setFlagsFromString('--no-optimize-for-size'));
}
