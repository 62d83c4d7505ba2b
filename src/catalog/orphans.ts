import { createHash } from 'node:crypto';
import type { View } from '../graph/view.ts';
import type { Write } from '../store/store.ts';

/** Before the location that an orphan came from: the place where it stays. */
const ORPHAN = 'orphan:';

/** True for the place of an entity that no location leads to any more. */
export function isOrphaned(location: string): boolean {
  return location.startsWith(ORPHAN);
}

/**
 * The write that keeps an entity after its location has let it go, marked as Backstage marks it. It goes with the
 * deletion from that location in one commit, which makes it an update.
 */
export function orphanWrites(view: View, ref: string): readonly Write[] {
  const id = view.find(ref);
  if (id === undefined) return [];
  const { location, source, line } = view.declaration(id);
  const { entity } = view.subject(id);
  const { uid: _serverMade, ...metadata } = entity.metadata;
  const annotations = { ...metadata.annotations, 'backstage.io/orphan': 'true' };
  const body = JSON.stringify({ ...entity, metadata: { ...metadata, annotations } });
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 32);
  return [{ op: 'putEntity', entity: { ref, body, hash, location: `${ORPHAN}${location}`, source, line } }];
}
