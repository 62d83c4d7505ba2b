import type { Principal } from '../../access/principal.ts';
import { type FindingPage, listFindings } from '../../api/findings.ts';
import type { View } from '../../graph/view.ts';
import type { LiveReader, LiveScope } from '../../live/live-reader.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import { fleetError } from '../errors.ts';
import type { FleetScopes } from '../scope.ts';

/** What these routes read from. */
export interface FindingsRouteOptions {
  readonly live: Pick<LiveReader, 'findings'>;
  readonly scopes: Pick<FleetScopes, 'of'>;
}

/** The route of `/api/v1/fleet/findings`. */
export function findingsRoutes({ live, scopes }: FindingsRouteOptions): readonly Route[] {
  const scopeOf = (principal: Principal): LiveScope => scopes.of(principal, 'fleet.object.read').scope;
  return [
    implementRoute(listFindings, async ({ principal, view, query }) => {
      const { entity, cluster, rule, severity, limit = 100, cursor } = query;
      const asked = { clusters: cluster, rules: rule, severities: severity, limit, cursor };
      const ref = entity === undefined ? undefined : visibleRef(view, entity);
      const bytes = await live.findings({ entity: ref, ...asked }, scopeOf(principal));
      return ref === undefined ? withVisibleEntities<FindingPage>(bytes, view) : bytes;
    }),
  ];
}

/** @throws LIVE_ENTITY_UNKNOWN for what one may not see, as for what is not there */
export function visibleRef(view: View, entity: string): string {
  const parsed = parseEntityRef(entity, { defaultKind: 'component' });
  const ref = parsed === undefined ? entity : formatEntityRef(parsed);
  if (view.find(ref) === undefined) throw fleetError('LIVE_ENTITY_UNKNOWN', { ref: entity });
  return ref;
}

/** A page without the names of entities that one may not see. Who sees all gets the bytes as they are. */
export function withVisibleEntities<Page extends { readonly items: readonly { readonly entity?: string }[] }>(
  bytes: Uint8Array,
  view: View,
): Uint8Array | Page {
  if (view.visibility.kind === 'all') return bytes;
  const page = JSON.parse(Buffer.from(bytes).toString()) as Page;
  const items = page.items.map(({ entity, ...finding }) =>
    entity === undefined || view.find(entity) === undefined ? finding : { ...finding, entity },
  );
  return { ...page, items };
}
