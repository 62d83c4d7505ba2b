import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import type { Clock } from './clock.ts';

/** More memory outside the heap than this, come at once, makes V8 look for garbage. */
const SIGN_BYTES = 128 * 1024 * 1024;
/** A heap of which more is in use is large, bytes. */
const LARGE_BYTES = 64 * 1024 * 1024;
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

/**
 * Once the heap of this thread is large, lets the heaps of the process grow to two and a quarter times what is in use before V8 collects
 * them, not to one and a half. A whole collection of a hundred MiB is two tenths of a second in which the thread does little else: fewer
 * of them are worth more than the memory between them. To be called now and then until it is so.
 *
 * @returns whether the heap is large
 */
export function growLargeHeap(): boolean {
  if (getHeapStatistics().used_heap_size < LARGE_BYTES) return false;
  setFlagsFromString('--heap-growing-percent=125');
  return true;
}
