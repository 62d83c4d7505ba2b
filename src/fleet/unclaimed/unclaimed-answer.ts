import { compareText } from '../../base/text-order.ts';
import type { LivePosition, LiveScope, UnclaimedQuery, WorkloadKey } from '../../live/live-reader.ts';
import { Surroundings } from '../facts/surroundings.ts';
import type { HeldCluster } from '../held-cluster.ts';
import { incompleteOf } from '../incomplete.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { isWorkloadKind, type MatchedRow } from '../matching/matches.ts';
import { clustersIn, placeIn } from '../object-query.ts';
import { answerBytes } from '../render.ts';
import type { Hit } from '../row-order.ts';
import { CellReader } from '../running/cell-reader.ts';
import { worstOf } from '../running/verdict.ts';
import { workloadCell } from '../running/workload-cell.ts';
import { distinguishing } from './distinguishing-labels.ts';
import type { Neighbour, UnclaimedRow } from './unclaimed-row.ts';

const MOST_NEIGHBOURS = 100;

/** One workload with its rows in all clusters. */
interface Group {
  readonly key: WorkloadKey;
  readonly text: string;
  readonly rows: Hit[];
}

/**
 * A page of the workloads that no entity claims, by namespace and name, as JSON of `UnclaimedAnswer`. All workloads are looked at; those
 * of the page are described.
 */
export function unclaimedAnswer(
  holdings: MatchedHoldings,
  query: UnclaimedQuery,
  scope: LiveScope,
  position: LivePosition,
): Uint8Array {
  const all = [...holdings.matches.workloads(scope)];
  const groups = groupsOf(holdings, all, query);
  const from =
    query.cursor === undefined ? 0 : groups.findIndex(({ text }) => compareText(text, query.cursor ?? '') > 0);
  const page = from < 0 ? [] : groups.slice(from, from + query.limit);
  const last = from >= 0 && from + query.limit < groups.length ? page.at(-1) : undefined;
  const describer = new Describer(holdings, scope, all, page);
  const layouts = [...holdings.layouts.values()].filter(isWorkloadKind);
  const answer = {
    items: page.map((group) => describer.describe(group)),
    total: groups.length,
    nextCursor: last?.text,
    position,
    incomplete: incompleteOf(lookedAt(holdings, query, scope), layouts),
  };
  return answerBytes(JSON.stringify(answer));
}

function lookedAt(holdings: MatchedHoldings, { clusters }: UnclaimedQuery, scope: LiveScope): readonly HeldCluster[] {
  return clustersIn(holdings, scope).filter(({ name }) => clusters?.includes(name) !== false);
}

/** What is asked for and belongs to nobody, in order. */
function groupsOf(
  holdings: MatchedHoldings,
  all: readonly MatchedRow[],
  { text, kinds, clusters, namespaces, keys }: UnclaimedQuery,
): readonly Group[] {
  const cells = new CellReader(holdings.words);
  const wanted = keys && new Set(keys.map(keyText));
  const groups = new Map<string, Group>();
  for (const { place, row, matches } of all) {
    if (matches.length > 0 || !runs(holdings, cells, { place, row })) continue;
    const { shard, kind } = place;
    if (kinds?.includes(kind.kind.id) === false) continue;
    const namespace = cells.word(shard, row, 'namespace');
    if (namespaces?.includes(namespace ?? '') === false) continue;
    const key = { kind: kind.kind.id, namespace, name: shard.name(row) };
    const keyed = keyText(key);
    if (wanted?.has(keyed) === false) continue;
    const known = groups.get(keyed);
    if (known === undefined) groups.set(keyed, { key, text: keyed, rows: [{ place, row }] });
    else known.rows.push({ place, row });
  }
  const isAsked = ({ key, rows }: Group): boolean =>
    clusters === undefined || rows.some(({ place }) => clusters.includes(place.cluster.name))
      ? text === undefined || says(cells, key, rows, text.toLowerCase())
      : false;
  return [...groups.values()].filter(isAsked).sort((left, right) => compareText(left.text, right.text));
}

/** By namespace first, which is how people look; what names have never comes before what ends them. */
function keyText({ kind, namespace = '', name }: WorkloadKey): string {
  return `${namespace} ${name} ${kind}`;
}

function says(cells: CellReader, { namespace = '', name }: WorkloadKey, rows: readonly Hit[], wanted: string): boolean {
  if (`${namespace}/${name}`.toLowerCase().includes(wanted)) return true;
  return rows.some(({ place, row }) => cells.word(place.shard, row, 'images')?.toLowerCase().includes(wanted) === true);
}

/** A Job that ended does not run; a custom resource is a workload where it has pods. */
function runs({ podOwners }: MatchedHoldings, cells: CellReader, hit: Hit): boolean {
  const { shard, kind } = hit.place;
  if (kind.kind.id === 'Job') return (cells.count(shard, hit.row, 'active') ?? 0) > 0;
  return kind.kind.id === kind.kind.kind || podOwners.podsOf(hit).length > 0;
}

/** Describes workloads by what stands around them. */
class Describer {
  readonly #holdings: MatchedHoldings;
  readonly #scope: LiveScope;
  readonly #cells: CellReader;
  readonly #surroundings: Surroundings;
  /** What runs in the namespaces of the page, by id of word. */
  readonly #beside = new Map<number, MatchedRow[]>();

  constructor(holdings: MatchedHoldings, scope: LiveScope, all: readonly MatchedRow[], page: readonly Group[]) {
    this.#holdings = holdings;
    this.#scope = scope;
    this.#cells = new CellReader(holdings.words);
    this.#surroundings = new Surroundings(holdings);
    for (const { rows } of page) for (const { place, row } of rows) this.#beside.set(place.shard.namespace(row), []);
    for (const each of all) this.#beside.get(each.place.shard.namespace(each.row))?.push(each);
  }

  describe({ key: { kind, namespace, name }, rows }: Group): UnclaimedRow {
    const cells = rows.map((hit) => workloadCell(this.#cells, { ...hit, rule: 'namespace' }, this.#podsOf(hit)));
    const health = worstOf(cells.map(({ status }) => status)) ?? 'Unknown';
    const reason = health === 'Healthy' ? undefined : cells.find(({ status }) => status === health)?.reason;
    const environments = rows.flatMap(({ place }) => place.cluster.face.labels['environment'] ?? []);
    const services = rows.map((hit) => this.#servicesOf(hit));
    const [first] = rows;
    const beside = first === undefined ? [] : (this.#beside.get(first.place.shard.namespace(first.row)) ?? []);
    const others = beside.filter(
      ({ place, row }) => !rows.some((own) => own.place.shard === place.shard && own.row === row),
    );
    return {
      kind,
      name,
      ...(namespace !== undefined && { namespace }),
      clusters: cells
        .map(({ cluster, status }) => ({ cluster, status }))
        .sort((a, b) => compareText(a.cluster, b.cluster)),
      environments: distinct(environments),
      images: distinct(cells.flatMap(({ images }) => images)),
      pods: cells.reduce((sum, { pods }) => sum + pods, 0),
      health,
      ...(reason !== undefined && { reason }),
      labels: common(rows.map((hit) => this.#lines(hit, 'labels'))),
      annotations: common(rows.map((hit) => this.#lines(hit, 'annotations'))),
      namespaceSays: distinct(rows.flatMap((hit) => this.#namespaceSays(hit))),
      selector: distinguishing(
        common(rows.map((hit) => this.#lines(hit, 'labels'))),
        others.map((hit) => this.#lines(hit, 'labels')),
      ),
      isAlone: others.length === 0,
      hosts: distinct(services.flatMap(({ hosts }) => hosts)),
      isServed: services.some(({ isServed }) => isServed),
      neighbours: neighboursOf(others),
    };
  }

  #podsOf(hit: Hit): readonly Hit[] {
    const { cluster } = hit.place;
    const kind = cluster.kinds.get('Pod');
    if (kind?.shard === undefined) return [];
    const place = placeIn(this.#holdings.words, { cluster, kind, shard: kind.shard }, this.#scope);
    return this.#holdings.podOwners.hitsOf(hit, place);
  }

  #servicesOf({ place: { cluster, shard }, row }: Hit): {
    readonly isServed: boolean;
    readonly hosts: readonly string[];
  } {
    const labels = this.#surroundings.templateOf(shard, row)?.labels ?? {};
    const namespace = shard.namespace(row);
    const services = this.#surroundings.servicesOf(cluster, namespace, labels);
    return { isServed: services.length > 0, hosts: this.#surroundings.hostsOf(cluster, namespace, services) };
  }

  #lines({ place: { shard }, row }: Hit, column: 'labels' | 'annotations'): readonly string[] {
    const { pairs, words } = this.#holdings;
    const set = this.#cells.wordId(shard, row, column);
    return Array.from(pairs.pairsOf(set), (pair) => words.text(pair));
  }

  #namespaceSays({ place: { cluster, shard }, row }: Hit): readonly string[] {
    const namespace = this.#cells.word(shard, row, 'namespace');
    const kind = cluster.kinds.get('Namespace');
    if (namespace === undefined || kind?.shard === undefined) return [];
    const found = kind.shard.find(0, namespace);
    if (found < 0) return [];
    const place = placeIn(this.#holdings.words, { cluster, kind, shard: kind.shard }, 'all');
    const hit = { place, row: found };
    return [...this.#lines(hit, 'labels'), ...this.#lines(hit, 'annotations')];
  }
}

function neighboursOf(others: readonly MatchedRow[]): readonly Neighbour[] {
  const found = new Map<string, Neighbour>();
  for (const { matches } of others) {
    const claim = matches[0]?.claim;
    if (claim === undefined || found.size >= MOST_NEIGHBOURS) continue;
    found.set(claim.ref, { ref: claim.ref, owner: claim.owner, system: claim.system });
  }
  return [...found.values()];
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort(compareText);
}

/** Lines that all lists have. */
function common(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = lists;
  return first.filter((line) => others.every((other) => other.includes(line)));
}
