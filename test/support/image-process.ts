// A process that writes images of a watch cache without end, each of another revision, until it is killed.
import { openGraph } from '../../src/graph/graph.ts';
import { kinds, QuietLog } from './scripted-catalog.ts';
import { MemoryStore } from './memory-store.ts';
import { putEntity } from './writes.ts';
import { systemClock } from '../../src/base/clock.ts';

const [folder = ''] = process.argv.slice(2);
const ENTITIES = 2_000;

const store = new MemoryStore();
await store.commit(Array.from({ length: ENTITIES }, (_, index) => putEntity(`e-${index}`)));
for (let turn = 0; ; turn += 1) {
  await store.commit(
    Array.from({ length: ENTITIES / 10 }, (_, index) => putEntity(`e-${index}`, { content: `${turn}` })),
  );
  const graph = await openGraph({
    store,
    kinds,
    clock: systemClock,
    log: new QuietLog(),
    image: { folder },
    checkMs: 0,
  });
  // Closing writes the image.
  await graph.close();
}
