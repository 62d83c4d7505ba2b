import { parentPort } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { yieldToOtherThreads } from '../base/thread-priority.ts';
import type { ReaderOrder, ReaderReport } from './messages.ts';
import { ReaderThread } from './reader-thread.ts';
import { threadLog } from './thread-log.ts';

// The entry of a reader thread: reads the clusters that it is told of, and sends what it reads to the fleet's thread.

// Who asks does not wait for what is read: where the processors are full, reading is what takes longer.
yieldToOtherThreads();
const tell = (report: ReaderReport): void => parentPort?.postMessage(report);
const thread = new ReaderThread({ tell, clock: systemClock, log: threadLog(tell) });

parentPort?.on('message', (order: ReaderOrder) => {
  void thread.take(order).then(() => {
    if (order.type === 'close') parentPort?.close();
  });
});
