import type { LivePosition, LiveScope, ObjectQuery, SearchQuery } from '../live/live-reader.ts';
import { incompleteJson, incompleteOf } from './incomplete.ts';
import type { MatchedHoldings } from './matching/matched-holdings.ts';
import { isWorkloadKind } from './matching/matches.ts';
import { findObjects, type Holdings, placesOf } from './object-query.ts';
import { answerBytes, answerEnd, RowWriter } from './render.ts';
import type { Hit } from './row-order.ts';
import { searchObjects } from './search.ts';

/** A page of objects. @throws LIVE_QUERY_INVALID */
export function answerObjects(
  holdings: Holdings,
  query: ObjectQuery,
  scope: LiveScope,
  position: LivePosition,
): Uint8Array {
  return answerPage(holdings, query, scope, position, (writer, hit) => writer.object(hit));
}

/** A page of Warning events, the newest first. @throws LIVE_QUERY_INVALID */
export function answerEvents(
  holdings: Holdings,
  query: ObjectQuery,
  scope: LiveScope,
  position: LivePosition,
): Uint8Array {
  const asked = { ...query, kinds: ['Event'], sort: query.sort ?? '-last' };
  return answerPage(holdings, asked, scope, position, (writer, hit) => writer.event(hit));
}

/** What a search finds. @throws LIVE_QUERY_INVALID */
export function answerSearch(
  holdings: MatchedHoldings,
  query: SearchQuery,
  scope: LiveScope,
  position: LivePosition,
): Uint8Array {
  const places = placesOf(holdings, query, scope);
  const { items: found, total, byKind } = searchObjects(holdings, places, query);
  const writer = new RowWriter(holdings.cellJson);
  const items = found.map(({ hit, matched, text }) => {
    const { kind } = hit.place;
    const entity = isWorkloadKind(kind) ? holdings.matches.matchesOf(kind, hit.row)[0]?.claim.ref : undefined;
    const own = entity === undefined ? '' : `,"entity":${JSON.stringify(entity)}`;
    return writer.object(hit, `${own},"matched":${JSON.stringify(matched)},"text":${JSON.stringify(text)}`);
  });
  const kinds = JSON.stringify(Object.fromEntries(byKind));
  const looked = `,"kinds":${kinds},"looked":${places.clusters.length}`;
  const end = answerEnd(position, incompleteJson(incompleteOf(places.clusters, places.layouts)));
  return answerBytes(`{"items":[${items.join(',')}],"total":${total}${looked}${end}`);
}

function answerPage(
  holdings: Holdings,
  query: ObjectQuery,
  scope: LiveScope,
  position: LivePosition,
  write: (writer: RowWriter, hit: Hit) => string,
): Uint8Array {
  const places = placesOf(holdings, query, scope);
  const { hits, total, nextCursor } = findObjects(holdings, places, query);
  const writer = new RowWriter(holdings.cellJson, query.templates);
  const items = hits.map((hit) => write(writer, hit));
  const next = nextCursor === undefined ? '' : `,"nextCursor":"${nextCursor}"`;
  const end = answerEnd(position, incompleteJson(incompleteOf(places.clusters, places.layouts)));
  return answerBytes(`{"items":[${items.join(',')}],"total":${total}${next}${end}`);
}
