import type { JsonMap } from './kube-object.ts';
import { apiVersionOf, type Resource, VERBS } from './resources.ts';

/** A review: asked by POST, answered at once, never stored. */
export interface Review {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** The reviews that the servers answer. */
export const reviews: readonly Review[] = [
  { group: 'authorization.k8s.io', plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { group: 'authorization.k8s.io', plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
  { group: 'authorization.k8s.io', plural: 'subjectaccessreviews', kind: 'SubjectAccessReview' },
  { group: 'authentication.k8s.io', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview' },
];

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly JsonMap[];
  readonly aggregated: readonly JsonMap[];
}

/** What a cluster has, as its discovery endpoints tell it. */
export class Discovery {
  readonly #groups: readonly GroupVersion[];

  constructor(resources: readonly Resource[]) {
    const versions = new Map<string, Resource[]>();
    for (const resource of resources) {
      const key = apiVersionOf(resource);
      versions.set(key, [...(versions.get(key) ?? []), resource]);
    }
    const stored = [...versions.values()].map(groupVersion);
    const asked = ['authorization.k8s.io', 'authentication.k8s.io'].map(reviewGroup);
    this.#groups = [...stored, ...asked];
  }

  /** `/api`: versions of the core group. */
  get core(): JsonMap {
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  }

  /** `/apis`: all named groups. */
  get groups(): JsonMap {
    const named = this.#names().map((group) => this.#group(group));
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: named };
  }

  /** `/apis/<group>`; undefined where there is none. */
  group(group: string): JsonMap | undefined {
    return this.#names().includes(group) ? { kind: 'APIGroup', apiVersion: 'v1', ...this.#group(group) } : undefined;
  }

  /** `/api/v1`, `/apis/<group>/<version>`: its resources; undefined where there is none. */
  resources(group: string, version: string): JsonMap | undefined {
    const found = this.#groups.find((each) => each.group === group && each.version === version);
    if (!found) return undefined;
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf(found), resources: found.resources };
  }

  /** All of one prefix in one answer (aggregated discovery v2). */
  aggregated(isCore: boolean): JsonMap {
    const names = isCore ? [''] : this.#names();
    const items = names.map((name) => ({
      metadata: { name, creationTimestamp: null },
      versions: this.#groups
        .filter(({ group }) => group === name)
        .map(({ version, aggregated }) => ({ version, resources: aggregated, freshness: 'Current' })),
    }));
    return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
  }

  #names(): readonly string[] {
    return [...new Set(this.#groups.map(({ group }) => group))].filter((group) => group !== '');
  }

  #group(name: string): JsonMap {
    const versions = this.#groups
      .filter(({ group }) => group === name)
      .map((each) => ({ groupVersion: apiVersionOf(each), version: each.version }));
    return { name, versions, preferredVersion: versions[0] ?? {} };
  }
}

function groupVersion(resources: readonly Resource[]): GroupVersion {
  const [first] = resources;
  const { group = '', version = '' } = first ?? {};
  return { group, version, resources: resources.flatMap(listed), aggregated: resources.map(aggregate) };
}

function listed(resource: Resource): JsonMap[] {
  const { plural, singular, kind, isNamespaced, shortNames, categories } = resource;
  const main = {
    name: plural,
    singularName: singular,
    namespaced: isNamespaced,
    kind,
    verbs: VERBS,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    storageVersionHash: '',
  };
  const parts = resource.subresources.map((name) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced: isNamespaced,
    ...(subresourceKinds[name] ?? { kind }),
    verbs: subresourceVerbs(name),
  }));
  return [main, ...parts];
}

function aggregate(resource: Resource): JsonMap {
  const { group, version, kind, plural, singular, isNamespaced, shortNames, categories } = resource;
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: isNamespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: VERBS,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    subresources: resource.subresources.map((name) => ({
      subresource: name,
      responseKind: subresourceKinds[name] ?? { group, version, kind },
      verbs: subresourceVerbs(name),
    })),
  };
}

/** Subresources that are written and read as objects of a kind of their own. */
const subresourceKinds: Readonly<Record<string, JsonMap>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
};

function subresourceVerbs(name: string): readonly string[] {
  if (name === 'eviction') return ['create'];
  return name === 'log' ? ['get'] : ['get', 'patch', 'update'];
}

function reviewGroup(group: string): GroupVersion {
  const own = reviews.filter((review) => review.group === group);
  return {
    group,
    version: 'v1',
    resources: own.map(({ plural, kind }) => ({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced: false,
      kind,
      verbs: ['create'],
    })),
    aggregated: own.map(({ plural, kind }) => ({
      resource: plural,
      responseKind: { group, version: 'v1', kind },
      scope: 'Cluster',
      singularResource: kind.toLowerCase(),
      verbs: ['create'],
    })),
  };
}
