import { parentPort } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { ActingThread } from './acting/acting-thread.ts';
import type { ActingOrder, ActingReport } from './acting/acting-messages.ts';
import { threadLog } from './thread-log.ts';

// The entry of the acting thread: asks clusters what the server's thread tells it to, for a person.

const tell = (report: ActingReport): void => parentPort?.postMessage(report);
const thread = new ActingThread({ tell, clock: systemClock, log: threadLog(tell) });

parentPort?.on('message', (order: ActingOrder) => {
  void thread.take(order).then(() => {
    if (order.type === 'close') parentPort?.close();
  });
});
