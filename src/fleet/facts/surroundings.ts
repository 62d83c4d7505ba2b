import type { HeldCluster } from '../held-cluster.ts';
import { type LabelRequirement, parseLabelSelector, selectsLabels } from '../label-selector.ts';
import type { Holdings } from '../object-query.ts';
import { CellReader } from '../running/cell-reader.ts';
import type { Shard } from '../shard.ts';
import { type TemplateFacts, templateFacts } from './template-facts.ts';

/** A Service that leads to pods. */
export interface LeadingService {
  readonly name: string;
  readonly type: string;
  /** Lines `<name> <port>/<protocol> <appProtocol>`. */
  readonly ports: readonly string[];
  readonly requirements: readonly LabelRequirement[];
}

/** How far an autoscaler may go, and is. */
export interface Autoscaler {
  readonly min: number;
  readonly max: number;
  readonly current: number;
  readonly desired: number;
}

/** What hosts lead to Services. */
interface HostRule {
  readonly services: readonly string[];
  readonly hosts: readonly string[];
}

/** Read templates by id of their word, until that is forgotten. */
export type Templates = Map<number, TemplateFacts | undefined>;

type Labels = Readonly<Record<string, string>>;

/** What stands around the workloads of one cluster. Namespaces are ids of words. */
interface ClusterSurroundings {
  readonly services: ReadonlyMap<number, readonly LeadingService[]>;
  readonly hosts: ReadonlyMap<number, readonly HostRule[]>;
  readonly budgets: ReadonlyMap<number, readonly (readonly LabelRequirement[])[]>;
  /** By kind, namespace and name of what it scales. */
  readonly autoscalers: ReadonlyMap<string, Autoscaler>;
  /** When a set of images was first rolled out, seconds since 1970, by namespace, name and id of the images' word. */
  readonly rollouts: ReadonlyMap<string, number>;
}

/**
 * What stands around workloads: Services, hosts, budgets, autoscalers, earlier revisions. It is read once for each cluster, and is
 * to be made anew for each look at the fleet, and when a word was forgotten: its id may come to mean another.
 */
export class Surroundings {
  readonly #cells: CellReader;
  readonly #clusters = new Map<HeldCluster, ClusterSurroundings>();
  readonly #templates: Templates;
  readonly #selectors = new Map<string, readonly LabelRequirement[]>();

  /** @param templates what is known of templates already */
  constructor({ words }: Pick<Holdings, 'words'>, templates: Templates = new Map()) {
    this.#cells = new CellReader(words);
    this.#templates = templates;
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
    const all = this.#of(cluster).services.get(namespace) ?? [];
    return all.filter(({ requirements }) => requirements.length > 0 && selectsLabels(requirements, labels));
  }

  /** Hosts that lead to some Services. */
  hostsOf(cluster: HeldCluster, namespace: number, services: readonly LeadingService[]): readonly string[] {
    const names = new Set(services.map(({ name }) => name));
    const rules = this.#of(cluster).hosts.get(namespace) ?? [];
    return rules.flatMap(({ services: led, hosts }) => (led.some((name) => names.has(name)) ? hosts : []));
  }

  /** Whether a budget protects pods with some labels. */
  hasBudget(cluster: HeldCluster, namespace: number, labels: Labels): boolean {
    const all = this.#of(cluster).budgets.get(namespace) ?? [];
    return all.some((requirements) => selectsLabels(requirements, labels));
  }

  autoscalerOf(cluster: HeldCluster, kind: string, namespace: number, name: string): Autoscaler | undefined {
    return this.#of(cluster).autoscalers.get(`${kind} ${namespace} ${name}`);
  }

  /** When what a Deployment runs was first rolled out there, seconds since 1970. @param images id of their word */
  rolledOut(cluster: HeldCluster, namespace: number, name: string, images: number): number | undefined {
    return this.#of(cluster).rollouts.get(`${namespace} ${name} ${images}`);
  }

  #of(cluster: HeldCluster): ClusterSurroundings {
    let known = this.#clusters.get(cluster);
    if (known === undefined) this.#clusters.set(cluster, (known = this.#read(cluster)));
    return known;
  }

  #read(cluster: HeldCluster): ClusterSurroundings {
    const services = new Map<number, LeadingService[]>();
    const hosts = new Map<number, HostRule[]>();
    const budgets = new Map<number, (readonly LabelRequirement[])[]>();
    const autoscalers = new Map<string, Autoscaler>();
    const rollouts = new Map<string, number>();
    for (const [shard, row] of rowsOf(cluster, 'Service'))
      push(services, shard.namespace(row), this.#service(shard, row));
    for (const kind of ['Ingress', 'HTTPRoute'])
      for (const [shard, row] of rowsOf(cluster, kind)) push(hosts, shard.namespace(row), this.#hosts(shard, row));
    for (const [shard, row] of rowsOf(cluster, 'PodDisruptionBudget'))
      push(budgets, shard.namespace(row), this.#selector(shard, row));
    for (const [shard, row] of rowsOf(cluster, 'HorizontalPodAutoscaler')) this.#addAutoscaler(autoscalers, shard, row);
    for (const [shard, row] of rowsOf(cluster, 'ReplicaSet')) this.#addRollout(rollouts, shard, row);
    return { services, hosts, budgets, autoscalers, rollouts };
  }

  #service(shard: Shard, row: number): LeadingService {
    return {
      name: shard.name(row),
      type: this.#cells.word(shard, row, 'type') ?? 'ClusterIP',
      ports: linesOf(this.#cells.word(shard, row, 'ports')),
      requirements: this.#selector(shard, row),
    };
  }

  #hosts(shard: Shard, row: number): HostRule {
    return {
      services: linesOf(this.#cells.word(shard, row, 'services')),
      hosts: linesOf(this.#cells.text(shard, row, 'hosts')),
    };
  }

  #selector(shard: Shard, row: number): readonly LabelRequirement[] {
    const said = this.#cells.word(shard, row, 'selector') ?? '';
    let requirements = this.#selectors.get(said);
    if (requirements === undefined) this.#selectors.set(said, (requirements = readSelector(said)));
    return requirements;
  }

  #addAutoscaler(autoscalers: Map<string, Autoscaler>, shard: Shard, row: number): void {
    const cells = this.#cells;
    const [kind, name] = [cells.word(shard, row, 'targetKind'), cells.word(shard, row, 'targetName')];
    const max = cells.count(shard, row, 'maximum');
    if (kind === undefined || name === undefined || max === undefined) return;
    autoscalers.set(`${kind} ${shard.namespace(row)} ${name}`, {
      min: cells.count(shard, row, 'minimum') ?? 1,
      max,
      current: cells.count(shard, row, 'current') ?? 0,
      desired: cells.count(shard, row, 'desired') ?? 0,
    });
  }

  #addRollout(rollouts: Map<string, number>, shard: Shard, row: number): void {
    const cells = this.#cells;
    const created = cells.time(shard, row, 'created');
    const owner = cells.word(shard, row, 'ownerName');
    if (created === undefined || owner === undefined) return;
    const key = `${shard.namespace(row)} ${owner} ${cells.wordId(shard, row, 'images')}`;
    rollouts.set(key, Math.min(created, rollouts.get(key) ?? created));
  }
}

function* rowsOf(cluster: HeldCluster, kind: string): Generator<readonly [Shard, number]> {
  const shard = cluster.kinds.get(kind)?.shard;
  if (shard === undefined) return;
  for (let row = 0; row < shard.end; row += 1) if (shard.isHeld(row)) yield [shard, row];
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

function push<Item>(byNamespace: Map<number, Item[]>, namespace: number, item: Item): void {
  const known = byNamespace.get(namespace);
  if (known === undefined) byNamespace.set(namespace, [item]);
  else known.push(item);
}
