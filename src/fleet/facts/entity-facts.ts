import type { JsonValue } from '../../model/json.ts';
import type { EntityClaim } from '../../live/claim.ts';
import { doubtOf, LookedPlaces } from '../running/looked-places.ts';
import { compareHealth } from '../running/verdict.ts';
import { isSaid } from '../unclaimed/missing-answer.ts';
import type { FactPath } from './fact-schemas.ts';
import {
  type FactLook,
  type FactValues,
  type RunningCell,
  runningCells,
  type RunningPart,
  runningParts,
} from './running-part.ts';
import { isStale, specFacts } from './spec-facts.ts';
import { distinct, spreadFacts } from './spread-facts.ts';

/** A fact as it was found; with an error: what it was when it could last be read, which nobody may take for what is. */
export interface FoundFact {
  readonly value: JsonValue;
  readonly error?: string;
}

/** Facts of one entity by path. */
export type EntityFacts = ReadonlyMap<FactPath, FoundFact>;

/** Which facts are not known where a kind of a cluster cannot be read, though its workloads can. */
const byKind: Readonly<Record<string, readonly FactPath[]>> = {
  Pod: ['pods', 'restarts'],
  ReplicaSet: ['imageAgeDays'],
  HorizontalPodAutoscaler: ['hpa', 'hpaAtLimit'],
  PodDisruptionBudget: ['noPdb'],
  Service: ['serviceType', 'ingressHosts', 'speaksGrpc'],
  Ingress: ['ingressHosts'],
  HTTPRoute: ['ingressHosts'],
};
/** What is said of that which may be there, where nobody can look. */
const unseen: FactValues = { hpa: {}, hpaAtLimit: false, imageAgeDays: 0, noPdb: false, degradedClusters: [] };

/**
 * Works out what is to be said of an entity.
 *
 * @returns nothing of one that runs nowhere and does not say that it should
 */
export function entityFacts(look: FactLook, claim: EntityClaim): EntityFacts {
  const { matches } = look.holdings;
  if (matches.problemOf(claim.ref) !== undefined) return unknownHealth('Its label selector cannot be read.');
  const parts = runningParts(look, claim.ref);
  if (parts.length === 0) return isSaid(claim) ? nowhere(look, claim) : new Map();
  const own = claim.ref.slice(claim.ref.indexOf('/') + 1);
  const values = { ...spreadFacts(look, own, parts), ...specFacts(look, parts), ...stateFacts(parts) };
  const unread = distinct(parts.flatMap(({ place }) => (isStale(place.kind) ? place.cluster.name : [])));
  return withErrors(values, errorsOf(values, parts, unread), unread);
}

/** What `stateFacts` says. */
const statePaths: readonly FactPath[] = [
  'health',
  'healthReason',
  'healthSince',
  'degradedClusters',
  'pods',
  'restarts',
  'desired',
  'ready',
  'replicas',
];

/**
 * The same where nothing but pods changed since: all that is written of workloads stays as it was.
 *
 * @param before what was found then
 */
export function factsAfterPods(look: FactLook, claim: EntityClaim, before: EntityFacts): EntityFacts {
  const cells = runningCells(look, claim.ref);
  const isKnown = cells.length > 0 && cells.every(({ place }) => !isStale(place.kind));
  for (const { error } of before.values()) if (error !== undefined) return entityFacts(look, claim);
  if (!isKnown) return entityFacts(look, claim);
  const facts = new Map(before);
  for (const path of statePaths) facts.delete(path);
  for (const [path, value] of Object.entries(stateFacts(cells)) as [FactPath, JsonValue][]) facts.set(path, { value });
  return facts;
}

/** How an entity does, and how many of it there are. */
function stateFacts(parts: readonly RunningCell[]): FactValues {
  const cells = parts.map(({ cell }) => cell);
  const [worst] = [...cells].sort(
    (left, right) => compareHealth(left.status, right.status) || (left.since ?? '9').localeCompare(right.since ?? '9'),
  );
  const degraded = distinct(cells.flatMap(({ status, cluster }) => (status === 'Degraded' ? cluster : [])));
  const counted = cells.filter(({ desired }) => desired !== undefined);
  const replicas = new Map<string, number>();
  for (const { cluster, desired = 0 } of counted) replicas.set(cluster, (replicas.get(cluster) ?? 0) + desired);
  const health = worst?.status ?? 'Unknown';
  return {
    health,
    ...(health !== 'Healthy' && worst?.reason !== undefined && { healthReason: worst.reason }),
    ...(health !== 'Healthy' && worst?.since !== undefined && { healthSince: worst.since }),
    ...(degraded.length > 0 && { degradedClusters: degraded }),
    pods: cells.reduce((sum, { pods }) => sum + pods, 0),
    restarts: cells.reduce((sum, { restarts }) => sum + restarts, 0),
    ...(counted.length > 0 && {
      desired: counted.reduce((sum, { desired = 0 }) => sum + desired, 0),
      ready: counted.reduce((sum, { ready = 0 }) => sum + ready, 0),
      replicas: Object.fromEntries([...replicas].sort(([left], [right]) => (left < right ? -1 : 1))),
    }),
  };
}

/** Why facts are not known, by path. What is degraded where it can be read is so, whatever it is elsewhere. */
function errorsOf(
  values: FactValues,
  parts: readonly RunningPart[],
  unread: readonly string[],
): ReadonlyMap<FactPath, string> {
  const errors = new Map<FactPath, string>();
  for (const [kind, paths] of Object.entries(byKind)) {
    const stale = distinct(
      parts.flatMap(({ place: { cluster } }) => (isStale(cluster.kinds.get(kind)) ? cluster.name : [])),
    );
    if (stale.length > 0) for (const path of paths) errors.set(path, `${kind}: ${cannotBeRead(stale)}`);
  }
  if (unread.length === 0) return errors;
  const isCertain = values.health === 'Degraded';
  for (const path of [...Object.keys(values), 'degradedClusters', 'hpa', 'hpaAtLimit'] as FactPath[])
    if (!isCertain || !path.startsWith('health')) errors.set(path, cannotBeRead(unread));
  return errors;
}

function withErrors(values: FactValues, errors: ReadonlyMap<FactPath, string>, unread: readonly string[]): EntityFacts {
  const facts = new Map<FactPath, FoundFact>();
  for (const [path, value] of Object.entries(values) as [FactPath, JsonValue][]) facts.set(path, { value });
  for (const [path, error] of errors) {
    const value = facts.get(path)?.value ?? unseen[path];
    if (value !== undefined) facts.set(path, { value, error });
  }
  if (unread.length > 0) facts.set('unreadClusters', { value: [...unread] });
  return facts;
}

/** Of what says where it runs and does not run there: missing where everything was read. Without clusters nothing is said of anybody. */
function nowhere({ holdings }: FactLook, claim: EntityClaim): EntityFacts {
  if (holdings.clusters.size === 0) return new Map();
  const places = new LookedPlaces(holdings, 'all').of(claim);
  if (places.unread.length > 0) return unknownHealth(cannotBeRead(places.unread));
  const doubt = doubtOf(claim, places);
  return doubt === undefined ? new Map([['health', { value: 'Missing' }]]) : unknownHealth(doubt.message);
}

function unknownHealth(error: string): EntityFacts {
  return new Map([['health', { value: 'Unknown', error }]]);
}

function cannotBeRead(clusters: readonly string[]): string {
  const [first = '', ...others] = clusters;
  if (others.length === 0) return `${first} cannot be read as of now.`;
  return `${clusters.length} clusters cannot be read as of now: ${clusters.slice(0, 5).join(', ')}${others.length > 4 ? ' ...' : ''}`;
}
