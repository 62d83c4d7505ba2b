import { parentPort, workerData } from 'node:worker_threads';
import { readDescriptorFiles, type FileRequest, type FileResult } from './file-read.ts';
import { loadFileSync } from './guarded-file.ts';
import type { KindSet } from './kind-set.ts';
import { prepareKinds } from './validate.ts';

// The reading thread: takes lists of files, answers with what stands in them. A slow disk delays
// only the source that this thread belongs to.

/** A list of files to read. */
export interface ReadingOrder {
  readonly id: number;
  readonly requests: readonly FileRequest[];
}

/** What stands in the first of the files, in the order of the requests. */
export interface ReadingAnswer {
  readonly id: number;
  readonly results: readonly FileResult[];
}

const { kinds, fingerprint } = workerData as KindSet;
const checks = prepareKinds(kinds);

parentPort?.on('message', (order: ReadingOrder) => void answer(order));

async function answer(order: ReadingOrder): Promise<void> {
  const results = await readDescriptorFiles(order.requests, checks, fingerprint, loadFileSync);
  parentPort?.postMessage({ id: order.id, results } satisfies ReadingAnswer);
}
