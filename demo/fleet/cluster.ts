import { Agenda } from './agenda.ts';
import { ClusterAccess } from './access.ts';
import { customResources } from './custom-resources.ts';
import { Discovery, reviews } from './discovery.ts';
import { ObjectStore } from './object-store.ts';
import type { Known } from './requests.ts';
import { rulesOfBindings } from './rbac.ts';
import { builtinResources, type Resource } from './resources.ts';

/** What a cluster is made with. */
export interface ClusterOptions {
  readonly name: string;
  /** Version of its API server, e.g. `1.34.2`. */
  readonly version: string;
  readonly now: () => Date;
}

/** How much containers print. */
export interface Printing {
  /** A line is printed this often, ms. */
  readonly everyMs: number;
  /** Lines of a container that are kept. */
  readonly kept: number;
  /** Characters that follow what a line says. */
  readonly filling: string;
}

/** One Kubernetes cluster of the demo: its objects, what it knows, who may ask. */
export class Cluster {
  readonly name: string;
  readonly version: string;
  readonly now: () => Date;
  readonly store: ObjectStore;
  /** What its controllers have to do. */
  readonly agenda: Agenda;
  printing: Printing = { everyMs: 2_000, kept: 500, filling: '' };
  readonly access = new ClusterAccess((user) => rulesOfBindings(this.store, user));
  #known: Known = { resources: builtinResources, reviews };
  #discovery = new Discovery(builtinResources);

  constructor({ name, version, now }: ClusterOptions) {
    this.name = name;
    this.version = version;
    this.now = now;
    this.store = new ObjectStore(now);
    this.agenda = new Agenda(this.store);
    this.store.listen(({ plural }) => {
      if (plural === 'customresourcedefinitions') this.#define();
    });
    for (const namespace of ['default', 'kube-system']) {
      this.store.create(this.resource('', 'namespaces'), {
        metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
    }
  }

  /** What it serves now: custom resources come and go with their definitions. */
  get known(): Known {
    return this.#known;
  }

  get discovery(): Discovery {
    return this.#discovery;
  }

  /** @throws Error where the cluster has no such resource */
  resource(group: string, plural: string): Resource {
    const found = this.known.resources.find((each) => each.group === group && each.plural === plural);
    if (!found) throw new Error(`No resource ${plural}.${group}`);
    return found;
  }

  /** Takes custom resources into what is served; the objects of those that are gone go. */
  #define(): void {
    const definitions = this.store.named('customresourcedefinitions')?.list() ?? [];
    const taken = new Set(builtinResources.map(({ group, plural }) => `${plural}.${group}`));
    const custom = customResources(definitions).filter(({ group, plural }) => !taken.has(`${plural}.${group}`));
    const before = this.#known.resources;
    this.#known = { resources: [...builtinResources, ...custom], reviews };
    this.#discovery = new Discovery(this.#known.resources);
    for (const resource of before) {
      const isGone = !this.#known.resources.some(
        ({ group, plural }) => group === resource.group && plural === resource.plural,
      );
      if (!isGone) continue;
      for (const stored of this.store.collection(resource).list()) this.store.remove(resource, stored);
    }
  }

  /** Lists can be streamed since 1.34. */
  get hasWatchList(): boolean {
    return Number(this.version.split('.')[1]) >= 34;
  }
}
