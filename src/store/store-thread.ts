import { Worker } from 'node:worker_threads';
import { workerEntry } from '../base/worker-entry.ts';

/**
 * Starts the thread of a store worker: it loads its modules, and opens a database when it is told which. Started before
 * anything else, it does that while the main thread loads its own. It does not keep the process alive.
 */
export function startStoreThread(): Worker {
  const thread = new Worker(workerEntry(import.meta.url, 'store-worker'), { name: 'store' });
  thread.unref();
  return thread;
}
