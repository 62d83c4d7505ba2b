import { liveKinds } from '../../live/kind-table.ts';

/** A resource that is listed for an entity. */
export interface EntityResource {
  /** Name of its element in an answer. */
  readonly type: string;
  /** API group; empty for the core. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

const core = (plural: string): EntityResource => ({ type: plural, group: '', version: 'v1', plural });
const grouped = (group: string, version: string, plural: string): EntityResource => {
  return { type: plural, group, version, plural };
};

/** What Backstage lists of an entity where nothing else is configured. */
export const entityResources: readonly EntityResource[] = [
  core('pods'),
  core('services'),
  core('configmaps'),
  core('limitranges'),
  core('resourcequotas'),
  grouped('apps', 'v1', 'deployments'),
  grouped('apps', 'v1', 'replicasets'),
  grouped('autoscaling', 'v2', 'horizontalpodautoscalers'),
  grouped('batch', 'v1', 'jobs'),
  grouped('batch', 'v1', 'cronjobs'),
  grouped('networking.k8s.io', 'v1', 'ingresses'),
  grouped('apps', 'v1', 'statefulsets'),
  grouped('apps', 'v1', 'daemonsets'),
];

/** A custom resource by the element that all of them have. */
export function customResource(group: string, version: string, plural: string): EntityResource {
  return { type: 'customresources', group, version, plural };
}

/** Resources of which the account that reads clusters is shown metadata alone. */
const metadataOnly: ReadonlySet<string> = new Set(
  liveKinds.filter(({ reading }) => reading === 'metadata').map(({ group, plural }) => `${group}/${plural}`),
);

/** Whether only metadata of a resource is read with the account that reads clusters. */
export function isMetadataOnly({ group, plural }: EntityResource): boolean {
  return metadataOnly.has(`${group}/${plural}`);
}
