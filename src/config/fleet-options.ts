import { backstageKubernetes } from './backstage-kubernetes.ts';
import { noFleet, type FleetConfig } from './fleet-config.ts';
import {
  catalogClusters,
  clusterRules,
  customResources,
  impersonation,
  inCluster,
  kubeconfigs,
  namespaceOwners,
} from './fleet-value.ts';
import type { Option } from './options.ts';
import { wholeNumber } from './value.ts';

/** The settings of the clusters that are read live. */
export interface FleetSettings {
  readonly kubeconfigs: FleetConfig['kubeconfigs'];
  /** Empty: the cluster that it runs in is not read. */
  readonly inCluster: string;
  readonly catalogClusters: NonNullable<FleetConfig['catalog']> | false;
  readonly clusterRules: FleetConfig['clusters'];
  readonly customResources: FleetConfig['customResources'];
  readonly impersonation: FleetConfig['impersonation'];
  readonly namespaceOwners: FleetConfig['namespaceOwners'];
  readonly readers: number;
  readonly timelineDays: number;
  readonly timelineMegabytes: number;
  readonly backstageKubernetes: NonNullable<FleetConfig['backstage']>;
}

/** Their rows of the table of options. */
export const fleetOptions: { readonly [Name in keyof FleetSettings]: Option<FleetSettings[Name]> } = {
  kubeconfigs: {
    yaml: 'fleet.kubeconfigs',
    env: ['CALLBOARD_KUBECONFIG'],
    flag: '--kubeconfig <paths>',
    type: 'list of paths, or of {path, contexts}, the contexts a list of globs',
    byDefault: 'none',
    description:
      'Kubeconfig files whose contexts are the clusters to read; they are watched. Several files in one path, separated ' +
      'as KUBECONFIG separates them, are joined as kubectl joins them. docs/how-to/clusters.md.',
    parse: kubeconfigs(),
  },
  inCluster: {
    yaml: 'fleet.inCluster',
    env: ['CALLBOARD_IN_CLUSTER'],
    type: 'true, false or a name',
    byDefault: 'false',
    description: 'Whether the cluster that Callboard runs in is read, with the account of its pod, and its name.',
    parse: inCluster(),
  },
  catalogClusters: {
    yaml: 'fleet.catalog',
    env: [],
    type: 'true, false or {hosts, allowSkipTLSVerify}',
    byDefault: 'true, with no hosts',
    description:
      'Whether entities of kind Resource and type kubernetes-cluster are clusters, and the hosts that they may name: ' +
      'api.example, api.example:6443, *.example or *. Credentials are sent to what is named here.',
    parse: catalogClusters(),
  },
  clusterRules: {
    yaml: 'fleet.clusters',
    env: [],
    type: 'list of {match, labels, protected, acting, title, dashboardUrl}',
    byDefault: 'none',
    description:
      'What is said of the clusters whose names match a glob; later entries go over earlier ones. acting: true lets people ' +
      'read manifests and logs and act there, each as themselves; docs/how-to/acting.md.',
    parse: clusterRules(),
  },
  customResources: {
    yaml: 'fleet.customResources',
    env: [],
    type: 'list of {group, kind, plural, version, namespaced}',
    byDefault: 'none',
    description: 'Custom resources to read where a cluster has them: their conditions, phase and replicas are kept.',
    parse: customResources(),
  },
  impersonation: {
    yaml: 'fleet.impersonation',
    env: [],
    type: 'map of user, userPrefix, groupPrefix',
    byDefault: '{ user: ref, userPrefix: "callboard:", groupPrefix: "callboard:" }',
    description:
      'As whom people act on clusters: what of a user is the name (ref, name or email), and what stands before names of ' +
      'users and groups. Names that begin with system: are always refused.',
    parse: impersonation(),
  },
  namespaceOwners: {
    yaml: 'fleet.namespaceOwners',
    env: [],
    type: 'list of {match, owner}',
    byDefault: 'none',
    description:
      'Who probably owns what runs in a namespace and is in no catalog: a glob of namespaces and the ref of a group or user; ' +
      'the first that matches counts.',
    parse: namespaceOwners(),
  },
  readers: {
    yaml: 'fleet.readers',
    env: ['CALLBOARD_FLEET_READERS'],
    type: 'whole number',
    unit: 'threads',
    byDefault: 'by the number of processors and of clusters',
    description: 'Threads that read clusters.',
    parse: wholeNumber(1, 64),
  },
  timelineDays: {
    yaml: 'fleet.timeline.days',
    env: ['CALLBOARD_TIMELINE_DAYS'],
    type: 'whole number',
    unit: 'days',
    byDefault: '30',
    description: 'How long it is kept what happened in the clusters.',
    parse: wholeNumber(1, 3_650),
  },
  timelineMegabytes: {
    yaml: 'fleet.timeline.megabytes',
    env: ['CALLBOARD_TIMELINE_MEGABYTES'],
    type: 'whole number',
    unit: 'megabytes',
    byDefault: '200',
    description: 'What happened in the clusters takes about this much of the store at most; the oldest goes first.',
    parse: wholeNumber(1, 1_000_000),
  },
  backstageKubernetes: {
    yaml: 'backstage.kubernetes',
    env: [],
    type: 'map, as kubernetes in an app-config.yaml',
    byDefault: 'none',
    description: 'Clusters as Backstage’s section kubernetes names them; docs/how-to/clusters.md says what is taken.',
    secret: true,
    parse: backstageKubernetes(),
  },
};

/** What the settings mean together. */
export function settleFleet(all: { readonly [Name in keyof FleetSettings]?: FleetSettings[Name] }): FleetConfig {
  const { inCluster: name = '', catalogClusters: catalog = noFleet.catalog, backstageKubernetes: backstage } = all;
  return {
    kubeconfigs: all.kubeconfigs ?? noFleet.kubeconfigs,
    clusters: all.clusterRules ?? noFleet.clusters,
    customResources: all.customResources ?? noFleet.customResources,
    namespaceOwners: all.namespaceOwners ?? noFleet.namespaceOwners,
    impersonation: all.impersonation ?? noFleet.impersonation,
    ...(name !== '' && { inCluster: name }),
    ...(catalog !== false && { catalog: joined(catalog, backstage?.catalog) }),
    ...(all.readers !== undefined && { readers: all.readers }),
    ...(backstage !== undefined && { backstage }),
  };
}

type Catalog = FleetConfig['catalog'];

/** Backstage's locator for the catalog may allow more than is allowed already. */
function joined(own: Catalog, theirs: NonNullable<FleetSettings['backstageKubernetes']>['catalog']): Catalog {
  if (own === undefined || theirs === undefined) return own;
  return {
    hosts: theirs.isAnyHostAllowed ? ['*'] : own.hosts,
    isInsecureAllowed: own.isInsecureAllowed || theirs.isInsecureAllowed,
  };
}
