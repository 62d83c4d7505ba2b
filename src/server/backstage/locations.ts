import { createHash } from 'node:crypto';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { listLocations } from './contracts.ts';

/** A location as Backstage's clients know it. Its id is made from its ref, so it stays the same. */
function compatibleLocation(ref: string) {
  const colon = ref.indexOf(':');
  const hash = createHash('sha1').update(ref).digest('hex');
  return {
    id: hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    type: ref.slice(0, colon),
    target: ref.slice(colon + 1),
    entityRef: `location:default/generated-${hash}`,
  };
}

const list = implementRoute(listLocations, ({ view }) =>
  view.locations().map(({ ref }) => ({ data: compatibleLocation(ref) })),
);

/** The routes of locations. */
export const locationRoutes: readonly Route[] = [list];
