import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { until } from '../../test/support/running-catalog.ts';
import { systemClock } from '../base/clock.ts';
import { createLog } from '../telemetry/log.ts';
import { ReaderLink } from './reader-link.ts';

test('a reader thread that dies is started again, and told anew what to do', async () => {
  let starts = 0;
  const link = new ReaderLink({
    name: 'reader',
    clock: systemClock,
    log: createLog({ level: 'fatal', format: 'json' }),
    onStart: (started) => {
      starts += 1;
      started.attach({ kinds: [] }, new MessageChannel().port2);
      // There is no such connection: the thread fails over it.
      if (starts === 1) started.connect(undefined as never, 1);
    },
  });
  link.start();
  await until(() => starts === 2);
  expect(await link.numbers()).toEqual({ clusters: [], underWay: 0 });
  await link.close();
  expect(link.runs).toBe(false);
}, 30_000);
