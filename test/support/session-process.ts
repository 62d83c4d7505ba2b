import { systemClock } from '../../src/base/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openAccessState } from '../../src/access/access-state.ts';
import { sessionCookie } from '../../src/access/session-cookie.ts';
import { Sessions } from '../../src/access/sessions.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { auditOf } from './access.ts';
import { KEEP_ALL } from './keep-all.ts';

// A process that begins sessions without end, four at a time, ends those of two lanes, and tells its parent of each as soon
// as it is done: for tests of sudden death. Its argument is the data folder.

const clock = systemClock;
const log = createLog({ level: 'fatal', format: 'json' });
const store = await openStore({ url: undefined, folder: process.argv[2] ?? '', retention: KEEP_ALL });
const state = await openAccessState({ store: store.access, clock, log });
const cookie = sessionCookie('http://localhost:7007');
const sessions = new Sessions({ state, cookie, clock, log, idleMs: 3_600_000, maxMs: 3_600_000 });

await Promise.all([1, 2, 3, 4].map(beginForever));

async function beginForever(lane: number): Promise<never> {
  for (let at = 0; ; at += 1) {
    const principal = `user:default/l${lane}-${at}`;
    const begun = await sessions.begin({ principal, provider: 'p' }, auditOf('begin', principal));
    if (lane > 2) {
      process.send?.({ lasting: begun.cookie });
      continue;
    }
    await sessions.end(begun.id, auditOf('end', principal));
    process.send?.({ ended: begun.cookie });
  }
}
