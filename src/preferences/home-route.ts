import { getHome, type HomeGroup, type HomeScope } from '../api/home.ts';
import type { View } from '../graph/view.ts';
import type { DomainContext, Route, RouteRequest } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import { isJsonObject } from '../model/json.ts';
import { EVERYTHING } from '../model/preference.ts';
import { canonicalTeam, teamOf } from './account-routes.ts';
import { groupsOf } from './keeper.ts';

/** Owners of one scope; what follows asks for all of them in one query string. */
const MOST_OWNERS = 100;

/** What Home is about for who asks. */
export const homeRoute: Route = implementRoute(getHome, async (request, context): Promise<HomeScope> => {
  const saved = await savedTeam(request, context);
  const { view, query } = request;
  const team = query.team === undefined ? saved : canonicalTeam(query.team);
  const direct = directGroups(request, context);
  const above = groupsOf(request.principal, context.graph).filter((ref) => !direct.includes(ref));
  const parts = {
    revision: view.revision,
    groups: [...direct, ...above].map((ref) => groupItem(view, ref)),
    ...(saved !== undefined && { saved }),
  };
  if (team === EVERYTHING) return { ...parts, choice: 'everything', teams: [], owners: [], isCut: false };
  const chosen = team === undefined ? direct : [team];
  if (chosen.length === 0) return { ...parts, choice: 'none', teams: [], owners: [], isCut: false };
  const { owners, isCut } = withGroupsBelow(view, chosen);
  const choice = team === undefined ? 'mine' : 'team';
  return { ...parts, choice, teams: chosen.map((ref) => groupItem(view, ref)), owners, isCut };
});

async function savedTeam({ principal }: RouteRequest, { store }: DomainContext): Promise<string | undefined> {
  if (principal.kind !== 'user') return undefined;
  return teamOf(await store.preferences.list([principal.ref], 'team'));
}

/** The groups that the catalog, or the sign-in provider, says that who asks is in. */
function directGroups({ principal, view }: RouteRequest, { graph }: DomainContext): readonly string[] {
  const { claims } = graph.principalContext(principal.ref, principal.groups);
  const id = view.find(principal.ref);
  const declared = id === undefined ? [] : targetsOf(view, id, 'memberOf');
  return [...new Set([...declared, ...(principal.groups ?? [])])].filter((ref) => claims.has(ref)).sort();
}

/** The groups and all below them, nearest first, as far as they may be seen. */
function withGroupsBelow(
  view: View,
  groups: readonly string[],
): { readonly owners: string[]; readonly isCut: boolean } {
  const owners = new Set(groups);
  for (const ref of owners) {
    const id = view.find(ref);
    if (id === undefined) continue;
    for (const child of targetsOf(view, id, 'parentOf')) {
      if (owners.size >= MOST_OWNERS) return { owners: [...owners], isCut: !owners.has(child) };
      owners.add(child);
    }
  }
  return { owners: [...owners], isCut: false };
}

function targetsOf(view: View, id: number, relation: string): readonly string[] {
  return view
    .relations(id)
    .filter(({ type, exists }) => type === relation && exists)
    .map(({ targetRef }) => targetRef);
}

function groupItem(view: View, ref: string): HomeGroup {
  const name = ref.slice(ref.indexOf('/') + 1);
  const id = view.find(ref);
  if (id === undefined) return { ref, title: name, exists: false };
  const { metadata, spec } = view.document(id);
  const profile = spec?.['profile'];
  const displayName = isJsonObject(profile) ? profile['displayName'] : undefined;
  const title = typeof displayName === 'string' ? displayName : (metadata.title ?? name);
  const { description } = metadata;
  return { ref, title, exists: true, ...(typeof description === 'string' && { description }) };
}
