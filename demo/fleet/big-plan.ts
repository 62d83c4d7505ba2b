/** What runs where in the big fleet. Everything follows from the numbers asked for: two runs make the same fleet. */
export interface FleetPlan {
  readonly clusters: readonly ClusterPlan[];
}

/** One cluster. */
export interface ClusterPlan {
  readonly name: string;
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly isProtected: boolean;
  /** Kubernetes version, e.g. `1.34.2`. */
  readonly version: string;
  readonly nodes: number;
  readonly workloads: readonly WorkloadPlan[];
}

/** What does not go well with the pods of a workload. */
export type Trouble = 'crash' | 'pull' | 'unschedulable' | 'unready';

/** One workload in one cluster. */
export interface WorkloadPlan {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob';
  readonly name: string;
  readonly namespace: string;
  readonly team: string;
  /** Of the image that runs. */
  readonly version: string;
  readonly replicas: number;
  /** Revision of its rollout. */
  readonly revision: number;
  readonly trouble?: Trouble;
  readonly seed: number;
}

/** How large a fleet is made. */
export interface FleetSize {
  readonly clusters: number;
  readonly services: number;
  readonly pods: number;
}

const subjects =
  'aisle, balcony, box-office, cast, chorus, cloakroom, costume, curtain, dock, effects, festival, flyloft, foyer, gallery, gift, house, lamp, membership, matinee, music, orchestra, partner, payment, poster, prompt, props, rehearsal, review, rigging, scenery, script, season, seat, stage, student, ticket, touring, usher, venue, wardrobe'.split(
    ', ',
  );
const things =
  'account, allocation, archive, basket, booking, calendar, catalog, check, contract, credit, discount, event, forecast, image, invoice, label, ledger, map, message, notice, order, plan, price, rota, stock'.split(
    ', ',
  );
const roles = ['api', 'worker', 'web', 'sync', 'search'] as const;
const regions = ['north', 'south', 'east', 'west', 'coast', 'hills', 'island', 'lake', 'river', 'valley'] as const;
const environments = ['dev', 'staging', 'prod', 'prod', 'prod'] as const;
const versions = ['1.34.2', '1.33.6', '1.35.1'] as const;
/** Share of the pods of an environment's workload, against one in production. */
const weights = { dev: 0.25, staging: 0.5, prod: 1 } as const;
const STATEFUL_SHARE = 0.15;
const CRON_SHARE = 0.4;
const NODE_PODS = 40;
const AGENTS = ['log-shipper', 'node-metrics', 'dns-cache'] as const;

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Plans a fleet of a size; the number of pods is met to about a hundredth. */
export function planFleet({ clusters: count, services, pods }: FleetSize): FleetPlan {
  const random = seeded(20_251);
  const clusters = Array.from({ length: count }, (_, at) => emptyCluster(at));
  const nodes = Math.max(3, Math.round(pods / count / NODE_PODS));
  const workloads = clusters.map((): WorkloadPlan[] => []);
  for (let at = 0; at < services; at += 1) {
    for (const place of placesOf(clusters, random)) workloads[place]?.push(...serviceIn(at, clusters[place], random));
  }
  const agents = clusters.map(() => AGENTS.map((name, at) => agentPlan(name, nodes, at)));
  const wanted = pods - agents.flat().reduce((sum, { replicas }) => sum + replicas, 0);
  const given = workloads.flat().reduce((sum, { replicas }) => sum + replicas, 0);
  const scale = wanted / Math.max(1, given);
  return {
    clusters: clusters.map((cluster, at) => ({
      ...cluster,
      nodes,
      workloads: [...(agents[at] ?? []), ...(workloads[at] ?? []).map((each) => scaled(each, scale, random))].sort(
        byPlace,
      ),
    })),
  };
}

type ClusterFace = Omit<ClusterPlan, 'nodes' | 'workloads'>;

function emptyCluster(at: number): ClusterFace {
  const environment = environments[at % environments.length] ?? 'prod';
  const region = regions[Math.floor(at / environments.length) % regions.length] ?? 'north';
  const number = Math.floor(at / (environments.length * regions.length)) * 3 + Math.max(1, (at % 5) - 1);
  const tier = environment === 'prod' ? (at % 5 === 2 ? 'critical' : 'standard') : 'internal';
  return {
    name: `${environment}-${region}-${number}`,
    title: `${environment[0]?.toUpperCase() ?? ''}${environment.slice(1)} ${region} ${number}`,
    labels: { environment, region, tier },
    isProtected: environment === 'prod',
    version: versions[Math.floor(at / 2) % versions.length] ?? '1.34.2',
  };
}

/** Clusters of one service: 3.3 in the mean, most of them in production, large clusters more often than small ones. */
function placesOf(clusters: readonly ClusterFace[], random: () => number): readonly number[] {
  const wanted = { dev: random() < 0.6 ? 1 : 0, staging: random() < 0.7 ? 1 : 0, prod: 1 + Math.floor(random() * 3) };
  const found: number[] = [];
  for (const [environment, number] of Object.entries(wanted)) {
    const own = clusters.flatMap(({ labels }, at) => (labels['environment'] === environment ? [at] : []));
    for (let taken = 0; taken < Math.min(number, own.length); taken += 1) {
      const [place] = own.splice(Math.floor(random() ** 1.3 * own.length), 1);
      if (place !== undefined) found.push(place);
    }
  }
  return found;
}

function serviceIn(service: number, cluster: ClusterFace | undefined, random: () => number): readonly WorkloadPlan[] {
  const names = subjects.length * things.length * roles.length;
  // A prime step mixes the names: the first hundred services are of many teams.
  const mixed = (service * 2_741) % names;
  const role = roles[Math.floor(mixed / (subjects.length * things.length))] ?? 'api';
  const subject = subjects[mixed % subjects.length] ?? 'stage';
  const thing = things[Math.floor(mixed / subjects.length) % things.length] ?? 'order';
  const more = service < names ? '' : `-${Math.floor(service / names) + 1}`;
  const environment = (cluster?.labels['environment'] ?? 'prod') as keyof typeof weights;
  const plan: WorkloadPlan = {
    kind: random() < STATEFUL_SHARE ? 'StatefulSet' : 'Deployment',
    name: `${subject}-${thing}-${role}${more}`,
    namespace: subject,
    team: `team-${subject}`,
    version: `${1 + (service % 4)}.${Math.floor(random() * 30)}.${Math.floor(random() * 9)}`,
    replicas: weights[environment] * (0.3 + random() ** 3 * 5),
    revision: 11 + Math.floor(random() * 140),
    ...troubleOf(random()),
    seed: Math.floor(random() * 2 ** 31),
  };
  if (random() >= CRON_SHARE) return [plan];
  const { trouble: _, ...well } = plan;
  return [plan, { ...well, kind: 'CronJob', name: `${plan.name}-nightly`, replicas: 0, seed: plan.seed ^ 0x5a5a }];
}

function troubleOf(chance: number): { readonly trouble?: Trouble } {
  if (chance < 0.004) return { trouble: 'crash' };
  if (chance < 0.006) return { trouble: 'pull' };
  if (chance < 0.008) return { trouble: 'unschedulable' };
  return chance < 0.011 ? { trouble: 'unready' } : {};
}

function agentPlan(name: string, nodes: number, at: number): WorkloadPlan {
  return {
    kind: 'DaemonSet',
    name,
    namespace: 'kube-system',
    team: 'team-platform',
    version: `2.${at}.1`,
    replicas: nodes,
    revision: 3,
    seed: 77 + at,
  };
}

function scaled(plan: WorkloadPlan, scale: number, random: () => number): WorkloadPlan {
  if (plan.kind === 'CronJob') return plan;
  // Whole numbers in the mean: what is cut off decides by chance.
  const exact = plan.replicas * scale;
  return { ...plan, replicas: Math.max(1, Math.floor(exact) + (random() < exact % 1 ? 1 : 0)) };
}

function byPlace(left: WorkloadPlan, right: WorkloadPlan): number {
  const [one, other] = [`${left.namespace}/${left.name}`, `${right.namespace}/${right.name}`];
  return one < other ? -1 : one > other ? 1 : 0;
}
