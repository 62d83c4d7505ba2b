import type { HeldCluster } from '../held-cluster.ts';
import { GroupedRows } from '../grouped-rows.ts';
import { type LabelRequirement, parseLabelSelector, selectsLabels } from '../label-selector.ts';
import type { Holdings } from '../object-query.ts';
import { CellReader } from '../running/cell-reader.ts';
import type { Shard } from '../shard.ts';
import { noWord } from '../words.ts';
import { type TemplateFacts, templateFacts } from './template-facts.ts';

/** A Service that leads to pods. */
export interface LeadingService {
  readonly name: string;
  readonly type: string;
  /** Lines `<name> <port>/<protocol> <appProtocol>`. */
  readonly ports: readonly string[];
}

/** How far an autoscaler may go, and is. */
export interface Autoscaler {
  readonly min: number;
  readonly max: number;
  readonly current: number;
  readonly desired: number;
}

type Labels = Readonly<Record<string, string>>;

type Found = readonly [shard: Shard, row: number];

/**
 * What stands around workloads: Services, hosts, budgets, autoscalers, earlier revisions. It is read where it is asked for; which rows
 * those are, what templates say and selectors mean, is kept.
 */
export class Surroundings {
  readonly #words: Holdings['words'];
  readonly #cells: CellReader;
  readonly #groups = new GroupedRows();
  /** By id of their word, until that is forgotten. */
  readonly #templates = new Map<number, TemplateFacts | undefined>();
  readonly #selectors = new Map<number, readonly LabelRequirement[]>();

  constructor({ words }: Pick<Holdings, 'words'>) {
    this.#words = words;
    this.#cells = new CellReader(words);
  }

  /** To be called when a word is forgotten: its id may come to mean another. */
  forget(word: number): void {
    this.#templates.delete(word);
    this.#selectors.delete(word);
  }

  /** What the pod template of a workload says; undefined: it has none, or one that is too large to be kept. */
  templateOf(shard: Shard, row: number): TemplateFacts | undefined {
    const word = this.#cells.wordId(shard, row, 'template');
    if (this.#templates.has(word)) return this.#templates.get(word);
    const json = this.#cells.word(shard, row, 'template');
    const facts = json === undefined ? undefined : templateFacts(json);
    this.#templates.set(word, facts);
    return facts;
  }

  /** Services that lead to pods with some labels. */
  servicesOf(cluster: HeldCluster, namespace: number, labels: Labels): readonly LeadingService[] {
    const leading: LeadingService[] = [];
    for (const [shard, row] of this.#rowsIn(cluster, 'Service', namespace)) {
      const requirements = this.#selector(shard, row);
      if (requirements.length > 0 && selectsLabels(requirements, labels)) leading.push(this.#service(shard, row));
    }
    return leading;
  }

  /** Hosts that lead to some Services. */
  hostsOf(cluster: HeldCluster, namespace: number, services: readonly LeadingService[]): readonly string[] {
    if (services.length === 0) return [];
    const names = new Set(services.map(({ name }) => name));
    return ['Ingress', 'HTTPRoute'].flatMap((kind) =>
      Array.from(this.#rowsIn(cluster, kind, namespace), ([shard, row]) => {
        const led = linesOf(this.#cells.word(shard, row, 'services'));
        return led.some((name) => names.has(name)) ? linesOf(this.#cells.text(shard, row, 'hosts')) : [];
      }).flat(),
    );
  }

  /** Whether a budget protects pods with some labels. */
  hasBudget(cluster: HeldCluster, namespace: number, labels: Labels): boolean {
    for (const [shard, row] of this.#rowsIn(cluster, 'PodDisruptionBudget', namespace))
      if (selectsLabels(this.#selector(shard, row), labels)) return true;
    return false;
  }

  autoscalerOf(cluster: HeldCluster, kind: string, namespace: number, name: string): Autoscaler | undefined {
    const cells = this.#cells;
    let found: Autoscaler | undefined;
    for (const [shard, row] of this.#rowsWith(
      cluster,
      'HorizontalPodAutoscaler',
      'targetName',
      this.#words.find(name),
    )) {
      const max = cells.count(shard, row, 'maximum');
      if (max === undefined || shard.namespace(row) !== namespace || cells.word(shard, row, 'targetKind') !== kind)
        continue;
      found = {
        min: cells.count(shard, row, 'minimum') ?? 1,
        max,
        current: cells.count(shard, row, 'current') ?? 0,
        desired: cells.count(shard, row, 'desired') ?? 0,
      };
    }
    return found;
  }

  /** When what a Deployment runs was first rolled out there, seconds since 1970. @param images id of their word */
  rolledOut(cluster: HeldCluster, namespace: number, name: string, images: number): number | undefined {
    let first: number | undefined;
    for (const [shard, row] of this.#rowsWith(cluster, 'ReplicaSet', 'ownerName', this.#words.find(name))) {
      if (shard.namespace(row) !== namespace || this.#cells.wordId(shard, row, 'images') !== images) continue;
      const created = this.#cells.time(shard, row, 'created');
      if (created !== undefined) first = Math.min(created, first ?? created);
    }
    return first;
  }

  #rowsIn(cluster: HeldCluster, kind: string, namespace: number): Iterable<Found> {
    const shard = cluster.kinds.get(kind)?.shard;
    return shard === undefined ? [] : this.#rowsAt(shard, shard.layout.namespace, namespace);
  }

  /** @param word its id; not above 0: nobody has it */
  #rowsWith(cluster: HeldCluster, kind: string, column: string, word: number): Iterable<Found> {
    const shard = cluster.kinds.get(kind)?.shard;
    const place = shard?.layout.byName.get(column);
    return shard === undefined || place === undefined || word <= noWord ? [] : this.#rowsAt(shard, place.at, word);
  }

  *#rowsAt(shard: Shard, slot: number, word: number): Generator<Found> {
    for (const row of this.#groups.of(shard, slot, word)) yield [shard, row];
  }

  #service(shard: Shard, row: number): LeadingService {
    return {
      name: shard.name(row),
      type: this.#cells.word(shard, row, 'type') ?? 'ClusterIP',
      ports: linesOf(this.#cells.word(shard, row, 'ports')),
    };
  }

  #selector(shard: Shard, row: number): readonly LabelRequirement[] {
    const word = this.#cells.wordId(shard, row, 'selector');
    let requirements = this.#selectors.get(word);
    if (requirements === undefined) {
      requirements = readSelector(this.#cells.word(shard, row, 'selector') ?? '');
      this.#selectors.set(word, requirements);
    }
    return requirements;
  }
}

/** What no labels meet. */
const unreadable: readonly LabelRequirement[] = [{ key: '', values: [], isNegated: false }];

/** A selector that nobody can read selects nothing. */
function readSelector(text: string): readonly LabelRequirement[] {
  try {
    return parseLabelSelector(text);
  } catch {
    return unreadable;
  }
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split('\n');
}
