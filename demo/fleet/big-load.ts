import { type BigCluster, podName } from './big-cluster.ts';
import { type BigObject, templateHash } from './big-object.ts';
import { seeded, type WorkloadPlan } from './big-plan.ts';

/** A change of a pod that is told of, so that others can see how soon it shows elsewhere. */
export interface Sample {
  readonly number: number;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** What its restarts became. */
  readonly restarts: number;
  /** When it was sent, ms since 1970. */
  readonly at: number;
}

const TICK_MS = 20;
/** How much of that may go into changes, ms: they are to be sent, too. */
const WORK_MS = 12;
/** One of so many changes of pods is a sample. */
const SAMPLE_EVERY = 20;
const SAMPLES_KEPT = 20_000;
/** A step through all pods that comes to each before it comes to one again, as it has no divisor in common with their number. */
const STEP = 7_919;

interface Place {
  readonly cluster: BigCluster;
  key: string;
}

/** Changes that go on in all clusters: most are pods that restart, some are replaced, some rollouts and warnings. */
export class BigLoad {
  readonly #places: readonly Place[];
  readonly #deployments: readonly { readonly cluster: BigCluster; readonly plan: WorkloadPlan }[];
  readonly #random = seeded(4_711);
  #samples: Sample[] = [];
  #timer: NodeJS.Timeout | undefined;
  #perSecond = 0;
  #owed = 0;
  #last = 0;
  #at = 0;
  #sent = 0;
  #sampled = 0;
  #replaced = 1_000_000;

  constructor(clusters: readonly BigCluster[]) {
    const places = clusters.flatMap((cluster) => {
      const isSteady = ({ parts }: BigObject): boolean => parts.state === 'running';
      return cluster
        .objects('Pod')
        .filter(isSteady)
        .map(({ key }): Place => ({ cluster, key }));
    });
    this.#places = places.length % STEP === 0 ? places.slice(1) : places;
    this.#deployments = clusters.flatMap((cluster) =>
      cluster.plan.workloads.filter(({ kind }) => kind === 'Deployment').map((plan) => ({ cluster, plan })),
    );
  }

  /** Events that were sent so far. */
  get sent(): number {
    return this.#sent;
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  /** Changes the rate. 0: nothing happens any more. */
  setRate(perSecond: number): void {
    this.#perSecond = perSecond;
    clearInterval(this.#timer);
    this.#last = performance.now();
    this.#owed = 0;
    this.#timer = perSecond === 0 ? undefined : setInterval(() => this.#tick(), TICK_MS);
  }

  /** Samples after a number. */
  samples(after: number): readonly Sample[] {
    return this.#samples.filter(({ number }) => number > after);
  }

  #tick(): void {
    const now = performance.now();
    this.#owed += ((now - this.#last) * this.#perSecond) / 1_000;
    this.#last = now;
    while (this.#owed >= 1 && performance.now() - now < WORK_MS) {
      const before = this.#sent;
      this.#change();
      this.#owed -= this.#sent - before;
    }
    // What one process cannot make in time is left out: how many were sent is counted.
    this.#owed = Math.min(this.#owed, this.#perSecond);
    if (this.#samples.length > 2 * SAMPLES_KEPT) this.#samples = this.#samples.slice(-SAMPLES_KEPT);
  }

  #change(): void {
    const chance = this.#random();
    if (chance < 0.02) return this.#rollOut();
    this.#at = (this.#at + STEP) % this.#places.length;
    const place = this.#places[this.#at];
    const pod = place?.cluster.object('Pod', place.key);
    if (place === undefined || pod === undefined) throw new Error('A pod is missing');
    if (chance < 0.06) this.#replace(place, pod);
    else if (chance < 0.1) this.#warn(place, pod);
    else this.#restart(place, pod);
  }

  #restart({ cluster }: Place, pod: BigObject): void {
    const { plan, namespace = '', name, number, state, created } = pod.parts;
    const restarts = number + 1;
    const at = performance.timeOrigin + performance.now();
    cluster.put('Pod', name, { plan, namespace, number: restarts, state, created, touched: at });
    this.#sent += 1;
    if (this.#sent % SAMPLE_EVERY !== 0) return;
    this.#sampled += 1;
    this.#samples.push({ number: this.#sampled, cluster: cluster.plan.name, namespace, name, restarts, at });
  }

  /** Two events: a pod goes and another one comes. */
  #replace(place: Place, pod: BigObject): void {
    const { plan, namespace } = pod.parts;
    if (plan?.kind !== 'Deployment') return this.#restart(place, pod);
    this.#replaced += 1;
    const name = podName(plan, this.#replaced);
    place.cluster.remove(pod);
    place.key = place.cluster.put('Pod', name, {
      plan,
      namespace,
      number: 0,
      state: 'running',
      created: Date.now(),
    }).key;
    this.#sent += 2;
  }

  #warn({ cluster }: Place, pod: BigObject): void {
    const { plan, namespace, name } = pod.parts;
    const about = { plan, namespace, about: name, touched: Date.now() };
    const event = cluster.object('Event', `${namespace ?? ''}/${name}.warning`);
    cluster.put('Event', `${name}.warning`, { ...about, number: (event?.parts.number ?? 0) + 1 });
    this.#sent += 1;
  }

  /** Two events: a Deployment's status moves, and so does that of its ReplicaSet. */
  #rollOut(): void {
    const found = this.#deployments[Math.floor(this.#random() * this.#deployments.length)];
    if (found === undefined) return;
    const { cluster, plan } = found;
    const rest = { plan, namespace: plan.namespace, number: plan.revision, touched: Date.now() };
    cluster.put('Deployment', plan.name, rest);
    cluster.put('ReplicaSet', `${plan.name}-${templateHash(plan, plan.revision)}`, rest);
    this.#sent += 2;
  }
}
