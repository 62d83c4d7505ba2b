import type { Principal } from '../../access/principal.ts';
import {
  listMissing,
  listUnclaimed,
  type MissingEntity,
  MOST_PROPOSED,
  type ProposalChoice,
  writeProposals,
} from '../../api/unclaimed.ts';
import type { NamespaceOwner } from '../../config/fleet-config.ts';
import type { GraphReader, View } from '../../graph/view.ts';
import { wholeView } from '../../graph/whole-view.ts';
import type { LiveReader, LiveScope } from '../../live/live-reader.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { fleetError } from '../errors.ts';
import type { FleetScopes } from '../scope.ts';
import type { MissingAnswer, MissingRow } from './missing-answer.ts';
import { proposalFile } from './proposal-file.ts';
import { proposalOf, type ProposalSources } from './proposal.ts';
import type { UnclaimedAnswer } from './unclaimed-row.ts';

/** What the routes read from. */
export interface UnclaimedRouteOptions {
  readonly live: Pick<LiveReader, 'unclaimed' | 'missing'>;
  readonly scopes: Pick<FleetScopes, 'of'>;
  readonly namespaceOwners: readonly NamespaceOwner[];
}

/** The routes of what runs and is in no catalog, and of what is in the catalog and does not run. */
export function unclaimedRoutes({ live, scopes, namespaceOwners }: UnclaimedRouteOptions): readonly Route[] {
  const scopeOf = (principal: Principal): LiveScope => scopes.of(principal, 'fleet.object.read').scope;
  return [
    implementRoute(listUnclaimed, async ({ principal, view, query }, { graph }) => {
      const { q, kind, cluster, namespace, limit = 100, cursor } = query;
      const places = { kinds: kind, clusters: cluster, namespaces: namespace };
      const bytes = await live.unclaimed({ text: q, ...places, limit, cursor }, scopeOf(principal));
      const { items, ...rest } = parsed<UnclaimedAnswer>(bytes);
      const sources = proposalSources(view, graph, namespaceOwners);
      return {
        ...rest,
        items: items.map((row) => ({ ...row, proposal: proposalOf(row, sources) })),
      };
    }),
    implementRoute(writeProposals, async ({ principal, view, body: { items }, reply }, { graph }) => {
      const keys = items.map(({ kind, namespace, name }) => ({ kind, namespace, name }));
      const bytes = await live.unclaimed({ keys, limit: MOST_PROPOSED }, scopeOf(principal));
      const { items: rows } = parsed<UnclaimedAnswer>(bytes);
      checkOwners(items);
      const file = proposalFile(items, rows, proposalSources(view, graph, namespaceOwners));
      return reply
        .type('application/yaml; charset=utf-8')
        .header('content-disposition', 'attachment; filename="catalog-info.yaml"')
        .send(file);
    }),
    implementRoute(listMissing, async ({ principal, view, query: { q, state, limit = 100, cursor } }) => {
      const { items, position } = parsed<MissingAnswer>(await live.missing(scopeOf(principal)));
      const wanted = q?.toLowerCase();
      const found = items.filter(
        (row) =>
          view.find(row.claim.ref) !== undefined &&
          state?.includes(row.state) !== false &&
          (wanted === undefined || `${row.claim.ref} ${row.claim.owner ?? ''}`.toLowerCase().includes(wanted)),
      );
      const from = cursor === undefined ? 0 : found.findIndex(({ claim }) => claim.ref > cursor);
      const page = from < 0 ? [] : found.slice(from, from + limit);
      const nextCursor = from >= 0 && from + limit < found.length ? page.at(-1)?.claim.ref : undefined;
      const shown = page.map((row) => missingEntity(view, row));
      return { items: shown, total: found.length, ...(nextCursor !== undefined && { nextCursor }), position };
    }),
  ];
}

function parsed<Answer>(bytes: Uint8Array): Answer {
  return JSON.parse(Buffer.from(bytes).toString()) as Answer;
}

function proposalSources(view: View, graph: GraphReader, namespaceOwners: readonly NamespaceOwner[]): ProposalSources {
  const all = wholeView(graph);
  return {
    namespaceOwners,
    isTaken: (ref) => all.find(ref) !== undefined,
    see: (ref) => {
      const id = view.find(ref);
      if (id === undefined) return undefined;
      const relations = view.relations(id);
      const target = (type: string, kind: string): string | undefined =>
        relations.find((each) => each.type === type && each.targetRef.startsWith(kind))?.targetRef;
      return { ref, owner: target('ownedBy', ''), system: target('partOf', 'system:') };
    },
  };
}

/** @throws LIVE_QUERY_INVALID for an owner or system that is no ref */
function checkOwners(items: readonly ProposalChoice[]): void {
  for (const { as } of items) {
    for (const ref of [as?.owner, as?.system])
      if (ref !== undefined && !/^[A-Za-z0-9][A-Za-z0-9:/._-]*$/.test(ref))
        throw fleetError('LIVE_QUERY_INVALID', { problem: `'${ref}' is not the ref of an entity` });
  }
}

function missingEntity(view: View, { claim, state, why, clusters, unread }: MissingRow): MissingEntity {
  const { ref, kind, title, type, lifecycle, owner, labelSelector, id, argoApp, name, namespace, cluster } = claim;
  const isShown = owner !== undefined && view.find(owner) !== undefined;
  return {
    ref,
    kind,
    ...defined({ title, type, lifecycle, owner: isShown ? owner : undefined }),
    state,
    why,
    looked: { ...defined({ labelSelector, id, argoApp, name, namespace, cluster }), clusters },
    unread: [...unread],
  };
}

/** The members that have a value. */
function defined(parts: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
