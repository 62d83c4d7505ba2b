import type { LostEntity } from '../../api/evacuation.ts';
import { compareText } from '../../base/text-order.ts';
import type { EntityClaim } from '../../live/claim.ts';
import { instant } from '../render.ts';
import type { RunningRow } from './running-rows.ts';
import type { Written } from './written.ts';

/** Where an entity runs in one environment: what vanishes and what stays. */
export interface EnvironmentRuns {
  /** Value of the label of clusters; undefined: they have none. */
  readonly environment: string | undefined;
  readonly gone: RunningRow[];
  readonly stays: RunningRow[];
}

/** Where an entity runs. */
export interface EntityRuns {
  readonly claim: EntityClaim;
  readonly environments: EnvironmentRuns[];
}

/** What answers say of an entity by its claim. */
export type EntityFace = Written<
  Pick<LostEntity, 'ref' | 'kind' | 'title' | 'type' | 'lifecycle' | 'owner' | 'system'>
>;

/** Where all entities run, by ref. */
export function allRuns(rows: Iterable<RunningRow>): ReadonlyMap<string, EntityRuns> {
  const found = new Map<string, EntityRuns>();
  for (const row of rows) {
    for (const { claim } of row.matches) {
      let runs = found.get(claim.ref);
      if (runs === undefined) found.set(claim.ref, (runs = { claim, environments: [] }));
      runsIn(runs, row).stays.push(row);
    }
  }
  return found;
}

/** Where the entities run that lose something, by ref. */
export function touchedRuns(gone: Iterable<RunningRow>, stays: Iterable<RunningRow>): ReadonlyMap<string, EntityRuns> {
  const found = new Map<string, EntityRuns>();
  for (const row of gone) {
    for (const { claim } of row.matches) {
      let runs = found.get(claim.ref);
      if (runs === undefined) found.set(claim.ref, (runs = { claim, environments: [] }));
      runsIn(runs, row).gone.push(row);
    }
  }
  for (const row of stays) {
    for (const { claim } of row.matches) {
      const runs = found.get(claim.ref);
      if (runs !== undefined) runsIn(runs, row).stays.push(row);
    }
  }
  return found;
}

function runsIn({ environments }: EntityRuns, { place }: RunningRow): EnvironmentRuns {
  const environment = place.cluster.face.labels['environment'];
  for (const each of environments) if (each.environment === environment) return each;
  const made = { environment, gone: [], stays: [] };
  environments.push(made);
  return made;
}

/** The most productive one: production, what comes right before it, others by name, what has no label. */
export function mostProductive(
  environments: readonly EnvironmentRuns[],
  counts: (runs: EnvironmentRuns) => boolean = () => true,
): EnvironmentRuns | undefined {
  let best: EnvironmentRuns | undefined;
  for (const runs of environments) {
    if (counts(runs) && (best === undefined || isBefore(runs.environment, best.environment))) best = runs;
  }
  return best;
}

function isBefore(left: string | undefined, right: string | undefined): boolean {
  const order = placeOf(left) - placeOf(right);
  return order === 0 ? compareText(left ?? '', right ?? '') < 0 : order < 0;
}

function placeOf(environment: string | undefined): number {
  if (environment === undefined) return 3;
  if (/^prod/i.test(environment)) return 0;
  return /^(stag|pre)/i.test(environment) ? 1 : 2;
}

/** What answers say of an entity. @param hidden refs that the asker may not see */
export function faceOf(claim: EntityClaim, hidden: ReadonlySet<string>): EntityFace {
  const { ref, kind, title, type, lifecycle, owner, system } = claim;
  const seen = (other: string | undefined): string | undefined =>
    other === undefined || hidden.has(other) ? undefined : other;
  return { ref, kind: kind.toLowerCase(), title, type, lifecycle, owner: seen(owner), system: seen(system) };
}

/** Names of the clusters of rows, each once, sorted. */
export function clusterNames(rows: readonly RunningRow[]): string[] {
  return [...new Set(rows.map(({ place }) => place.cluster.name))].sort(compareText);
}

/** The sum of what rows count; undefined where none of them counts anything. */
export function sumOf(rows: readonly RunningRow[], field: 'ready' | 'desired'): number | undefined {
  let sum: number | undefined;
  for (const row of rows) {
    const count = row[field];
    if (count !== undefined) sum = (sum ?? 0) + count;
  }
  return sum;
}

/** The oldest time that some rows were so at, of those that cannot be read as of now. */
export function oldestOf(rows: readonly RunningRow[]): string | undefined {
  let oldest: number | undefined;
  for (const { isUnread, place } of rows) {
    const { asOf } = place.kind;
    if (isUnread && asOf !== undefined) oldest = Math.min(oldest ?? asOf, asOf);
  }
  return oldest === undefined ? undefined : instant(oldest);
}

/** Whether one of the rows is a StatefulSet. */
export function hasStateful(rows: readonly RunningRow[]): boolean {
  return rows.some(({ place }) => place.kind.kind.id === 'StatefulSet');
}

/** Environments but one in which something of an entity stays, sorted. */
export function otherEnvironments({ environments }: EntityRuns, own: EnvironmentRuns): string[] {
  if (environments.length === 1) return [];
  const others = environments.filter((each) => each !== own && each.stays.length > 0);
  return others.map(({ environment }) => environment ?? 'no environment').sort(compareText);
}
