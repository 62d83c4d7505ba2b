import { joinJsonValues } from '../../base/json-bytes.ts';
import { ancestryOf } from '../../catalog/ancestry.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { formatEntityRef } from '../../model/ref.ts';
import { compatibleError } from './errors.ts';
import { getAncestry } from './upkeep-contracts.ts';

/** The way from an entity up to the location that leads to it. */
export const ancestryRoute: Route = implementRoute(getAncestry, ({ view, params }) => {
  const rootEntityRef = formatEntityRef(params);
  const ancestors = ancestryOf(view, rootEntityRef);
  if (ancestors === undefined) throw compatibleError('ENTITY_REF_UNKNOWN', { ref: rootEntityRef });
  const items = ancestors.flatMap(({ ref, parents }) => {
    const id = view.find(ref);
    const tail = `,"parentEntityRefs":${JSON.stringify(parents)}}`;
    return id === undefined ? [] : [joinJsonValues('{"entity":', [view.bytes(id)], tail)];
  });
  return joinJsonValues(`{"rootEntityRef":${JSON.stringify(rootEntityRef)},"items":[`, items, ']}');
});
