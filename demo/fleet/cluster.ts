import { ClusterAccess } from './access.ts';
import { Discovery, reviews } from './discovery.ts';
import { ObjectStore } from './object-store.ts';
import type { Known } from './requests.ts';
import { builtinResources, type Resource } from './resources.ts';

/** What a cluster is made with. */
export interface ClusterOptions {
  readonly name: string;
  /** Version of its API server, e.g. `1.34.2`. */
  readonly version: string;
  readonly now: () => Date;
}

/** One Kubernetes cluster of the demo: its objects, what it knows, who may ask. */
export class Cluster {
  readonly name: string;
  readonly version: string;
  readonly now: () => Date;
  readonly store: ObjectStore;
  readonly access = new ClusterAccess();
  readonly known: Known = { resources: builtinResources, reviews };
  readonly discovery: Discovery;

  constructor({ name, version, now }: ClusterOptions) {
    this.name = name;
    this.version = version;
    this.now = now;
    this.store = new ObjectStore(now);
    this.discovery = new Discovery(this.known.resources);
    for (const namespace of ['default', 'kube-system']) {
      this.store.create(this.resource('', 'namespaces'), {
        metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
    }
  }

  /** @throws Error where the cluster has no such resource */
  resource(group: string, plural: string): Resource {
    const found = this.known.resources.find((each) => each.group === group && each.plural === plural);
    if (!found) throw new Error(`No resource ${plural}.${group}`);
    return found;
  }

  /** Lists can be streamed since 1.34. */
  get hasWatchList(): boolean {
    return Number(this.version.split('.')[1]) >= 34;
  }
}
