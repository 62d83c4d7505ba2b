import { formatEntityRef, parseEntityRef } from './ref.ts';

/** One filter of the search language by its short name. */
export interface SearchFilter {
  readonly key: string;
  /** Dotted path that it reads. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  /** Where the values are refs: the kinds that a value without a kind may mean. */
  readonly refKinds?: readonly string[] | undefined;
  /** The `has:` that says whether there is any value. */
  readonly has?: string | undefined;
}

/** The filters that have a short name; any other path is written out, such as `spec.profile.email:`. */
export const SEARCH_FILTERS: readonly SearchFilter[] = [
  { key: 'kind', path: 'kind', title: 'Kind', description: 'what it is: component, api, system, group' },
  { key: 'type', path: 'spec.type', title: 'Type', description: 'type within its kind: service, library', has: 'type' },
  {
    key: 'owner',
    path: 'relations.ownedBy',
    title: 'Owner',
    description: 'group or user that owns it',
    refKinds: ['group', 'user'],
    has: 'owner',
  },
  {
    key: 'lifecycle',
    path: 'spec.lifecycle',
    title: 'Lifecycle',
    description: 'how far along it is: production, deprecated',
    has: 'lifecycle',
  },
  {
    key: 'system',
    path: 'relations.partOf',
    title: 'System',
    description: 'system that it is part of',
    refKinds: ['system'],
    has: 'system',
  },
  {
    key: 'domain',
    path: 'relations.partOf',
    title: 'Domain',
    description: 'domain that it is part of',
    refKinds: ['domain'],
  },
  {
    key: 'health',
    path: 'facts.kubernetes.health',
    title: 'Health',
    description: 'how it does in the clusters: degraded, healthy, unknown',
  },
  {
    key: 'cluster',
    path: 'facts.kubernetes.clusters',
    title: 'Cluster',
    description: 'cluster in which it runs',
  },
  { key: 'tag', path: 'metadata.tags', title: 'Tag', description: 'one of its tags', has: 'tag' },
  { key: 'namespace', path: 'metadata.namespace', title: 'Namespace', description: 'namespace of its ref' },
  { key: 'name', path: 'metadata.name', title: 'Name', description: 'exactly this name' },
];

/** What `has:` can ask, with the paths of which one must hold a value. */
export const SEARCH_HAS: Readonly<Record<string, { readonly paths: readonly string[]; readonly description: string }>> =
  {
    problems: { paths: ['facts.problems.total'], description: 'something is wrong with its descriptor' },
    errors: { paths: ['facts.problems.errors'], description: 'its descriptor has errors' },
    owner: { paths: ['relations.ownedBy'], description: 'somebody owns it' },
    system: { paths: ['relations.partOf'], description: 'it is part of something' },
    type: { paths: ['spec.type'], description: 'it has a type' },
    lifecycle: { paths: ['spec.lifecycle'], description: 'it has a lifecycle' },
    tag: { paths: ['metadata.tags'], description: 'it has a tag' },
    description: { paths: ['metadata.description'], description: 'it is described' },
    link: { paths: ['metadata.links.url'], description: 'it has a link' },
    docs: {
      paths: ['metadata.annotations.backstage.io/techdocs-ref', 'metadata.annotations.backstage.io/techdocs-entity'],
      description: 'its documentation is declared',
    },
    api: { paths: ['relations.providesApi'], description: 'it provides an API' },
  };

/** What `is:` can ask, with the path that must then be `true`. */
export const SEARCH_IS: Readonly<Record<string, { readonly path: string; readonly description: string }>> = {
  orphan: {
    path: 'metadata.annotations.backstage.io/orphan',
    description: 'no location leads to it any more',
  },
};

/** The filter of a short name. */
export function searchFilter(key: string): SearchFilter | undefined {
  return SEARCH_FILTERS.find((filter) => filter.key === key);
}

/** True for a key that is a path of its own. */
export function isSearchPath(key: string): boolean {
  return /^(metadata|spec|facts|relations)\../.test(key);
}

/** The values that a written one may mean, in lower case: `team-a` of an owner is a group, or a user. */
export function meantValues({ refKinds }: SearchFilter, written: string): readonly string[] {
  if (refKinds === undefined) return [written.toLowerCase()];
  const refs = refKinds.flatMap((defaultKind) => {
    const parts = parseEntityRef(written, { defaultKind });
    return parts === undefined ? [] : [formatEntityRef(parts)];
  });
  return [...new Set(refs)];
}
