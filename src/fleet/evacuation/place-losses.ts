import type { LostClaim, LostEntry } from '../../api/evacuation.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import type { HeldCluster } from '../held-cluster.ts';
import { type Holdings, placeIn } from '../object-query.ts';
import { instant } from '../render.ts';
import type { Hit } from '../row-order.ts';
import { CellReader } from '../running/cell-reader.ts';
import type { ShardPlace } from '../shard-place.ts';
import type { RunningRow } from './running-rows.ts';
import type { Written } from './written.ts';

/** Kinds that say which hosts are answered for. */
const routeKinds: readonly string[] = ['Ingress', 'HTTPRoute'];

/** Reads what vanishes with clusters beside what runs there: storage and ways in. */
export class PlaceLosses {
  readonly #holdings: Holdings;
  readonly #scope: LiveScope;
  readonly #cells: CellReader;

  constructor(holdings: Holdings, scope: LiveScope) {
    this.#holdings = holdings;
    this.#scope = scope;
    this.#cells = new CellReader(holdings.words);
  }

  /** Claims of storage, the largest first. @param gone workloads that vanish, whose StatefulSets claims are made for */
  claims(clusters: readonly HeldCluster[], gone: readonly RunningRow[]): Written<LostClaim>[] {
    const owners = statefulSets(gone);
    const found: Written<LostClaim>[] = [];
    for (const hit of this.#rowsOf(clusters, 'PersistentVolumeClaim')) {
      const { shard } = hit.place;
      const owner = ownerOf(owners.get(hit.place.cluster), shard.namespace(hit.row), shard.name(hit.row));
      const capacity = this.#cells.amount(shard, hit.row, 'capacity');
      found.push({
        ...this.#placeOf(hit),
        capacity,
        class: this.#cells.word(shard, hit.row, 'class'),
        phase: this.#cells.word(shard, hit.row, 'phase'),
        workload: owner?.name,
        entity: owner?.ref,
      });
    }
    return found.sort((left, right) => (right.capacity ?? 0) - (left.capacity ?? 0));
  }

  /** Load balancers, and hosts that nothing that stays, and can be read as of now, answers for. */
  entryPoints(clusters: readonly HeldCluster[], staying: readonly HeldCluster[]): Written<LostEntry>[] {
    const routes = routeKinds.flatMap((kind) => [...this.#rowsOf(clusters, kind)]);
    const answered = routes.length === 0 ? new Set<string>() : this.#hostsOf(staying);
    const found: Written<LostEntry>[] = [];
    for (const hit of routes) {
      const hosts = this.#lines(hit, 'hosts').filter((host) => !answered.has(host));
      if (hosts.length > 0) found.push({ ...this.#entryOf(hit), hosts });
    }
    for (const hit of this.#rowsOf(clusters, 'Service')) {
      if (this.#cells.word(hit.place.shard, hit.row, 'type') === 'LoadBalancer') found.push(this.#entryOf(hit));
    }
    return found;
  }

  #entryOf(hit: Hit): Written<LostEntry> {
    const place = { ...this.#placeOf(hit), kind: hit.place.kind.kind.id };
    return { ...place, hosts: [], addresses: [...this.#lines(hit, 'addresses')] };
  }

  #hostsOf(clusters: readonly HeldCluster[]): ReadonlySet<string> {
    const hosts = new Set<string>();
    for (const kind of routeKinds) {
      for (const hit of this.#rowsOf(clusters, kind)) {
        if (hit.place.kind.state !== 'ok') continue;
        for (const host of this.#lines(hit, 'hosts')) hosts.add(host);
      }
    }
    return hosts;
  }

  *#rowsOf(clusters: readonly HeldCluster[], kindId: string): Generator<Hit> {
    for (const cluster of clusters) {
      const kind = cluster.kinds.get(kindId);
      if (kind?.shard === undefined) continue;
      const place = placeIn(this.#holdings.words, { cluster, kind, shard: kind.shard }, this.#scope);
      for (let row = 0; row < place.shard.end; row += 1) if (isSeen(place, row)) yield { place, row };
    }
  }

  #placeOf({
    place: { cluster, kind, shard },
    row,
  }: Hit): Pick<Written<LostClaim>, 'cluster' | 'namespace' | 'name' | 'asOf'> {
    const asOf = kind.state === 'ok' || kind.asOf === undefined ? undefined : instant(kind.asOf);
    const namespace = this.#cells.word(shard, row, 'namespace');
    return { cluster: cluster.name, namespace, name: shard.name(row), asOf };
  }

  #lines({ place: { shard }, row }: Hit, column: string): readonly string[] {
    const text = this.#cells.text(shard, row, column);
    return text === undefined || text === '' ? [] : text.split('\n');
  }
}

function isSeen({ shard, namespaces }: ShardPlace, row: number): boolean {
  return shard.isHeld(row) && namespaces?.has(shard.namespace(row)) !== false;
}

interface StatefulOwner {
  readonly namespace: number;
  readonly name: string;
  readonly ref: string | undefined;
}

function statefulSets(gone: readonly RunningRow[]): ReadonlyMap<HeldCluster, readonly StatefulOwner[]> {
  const found = new Map<HeldCluster, StatefulOwner[]>();
  for (const { place, row, matches } of gone) {
    const { cluster, kind, shard } = place;
    if (kind.kind.id !== 'StatefulSet') continue;
    const owner = { namespace: shard.namespace(row), name: shard.name(row), ref: matches[0]?.claim.ref };
    const known = found.get(cluster);
    if (known === undefined) found.set(cluster, [owner]);
    else known.push(owner);
  }
  return found;
}

/** A StatefulSet names the claims of its pods `<template>-<its name>-<ordinal>`. */
function ownerOf(
  owners: readonly StatefulOwner[] | undefined,
  namespace: number,
  claim: string,
): StatefulOwner | undefined {
  const pod = /^(.+)-\d+$/.exec(claim)?.[1];
  if (owners === undefined || pod === undefined) return undefined;
  return owners.find((owner) => owner.namespace === namespace && pod.endsWith(`-${owner.name}`));
}
