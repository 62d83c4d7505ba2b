import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/**
 * Lets the other threads go first where there is more to do than processors can: this thread's nice value becomes 5, so that it still
 * gets about a quarter of a processor that it shares. Linux alone knows priorities of threads (setpriority(2), "C library/kernel
 * differences"); elsewhere nothing happens.
 *
 * @returns whether it is so now
 */
export function yieldToOtherThreads(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (getPriority(thread) < NICE) setPriority(thread, NICE);
    return true;
  } catch {
    // Without /proc, or where it may not be: the thread works as well, it only competes.
    return false;
  }
}

const NICE = 5;
