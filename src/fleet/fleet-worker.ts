import { parentPort } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { growLargeHeap } from '../base/heap.ts';
import { FleetThread } from './fleet-thread.ts';
import type { FleetOrder, FleetReport } from './messages.ts';
import { threadLog } from './thread-log.ts';

// The entry of the fleet's thread: holds all live objects, takes in what reader threads send, and answers the server's thread.

const tell = (report: FleetReport): void =>
  parentPort?.postMessage(report, report.type === 'answer' ? [report.bytes.buffer as ArrayBuffer] : []);
const log = threadLog(tell);
/** How often it is looked whether the heap has become large, ms. */
const LOOK_MS = 1_000;
let thread: FleetThread | undefined;

parentPort?.on('message', (order: FleetOrder) => {
  if (order.type === 'start') thread = new FleetThread({ settings: order.settings, tell, clock: systemClock, log });
  else if (order.type === 'close') void thread?.close(order.withinMs).then(() => parentPort?.close());
  else thread?.take(order);
});

function lookAtHeap(): void {
  if (!growLargeHeap()) systemClock.after(LOOK_MS, lookAtHeap);
}
lookAtHeap();
