import type { FactSchema } from '../../manifest/manifest.ts';

const stored = (path: string, type: FactSchema['type'], description: string): FactSchema => ({
  path,
  type,
  description,
});
const fast = (path: string, type: FactSchema['type'], description: string): FactSchema => ({
  path,
  type,
  description,
  volatile: true,
});

/**
 * What the clusters say of entities, under `facts.kubernetes`. Stored is what changes seldom and says where an entity runs and as
 * what; all else follows from what is held of clusters, and is told again after a restart: it would be thirty rows an entity. What
 * depends on a cluster, or a kind in it, that cannot be read now has an error, and is unknown to expressions.
 */
export const factSchemas = [
  stored('clusters', 'list', 'Clusters in which it runs.'),
  stored('regions', 'list', 'Regions of its clusters, by their label `region`.'),
  stored('environments', 'list', 'Environments of its clusters, by their label `environment`.'),
  stored('namespaces', 'list', 'Namespaces of its workloads.'),
  stored('kinds', 'list', 'Kinds of its workloads.'),
  stored('images', 'list', 'Images that its workloads run.'),
  stored('versions', 'map', 'By cluster the tag of its main image, or the first 12 characters of its digest.'),
  stored('claimRule', 'string', 'The rule by which its workloads are said to be its own, e.g. `kubernetes-id`.'),
  fast('health', 'string', 'Healthy, Progressing, Degraded, Suspended, Missing or Unknown: the worst of all clusters.'),
  fast('healthReason', 'string', 'Why it is not healthy, in a word.'),
  fast('healthSince', 'string', 'Since when it is not healthy, ISO 8601.'),
  fast('degradedClusters', 'list', 'Clusters in which it is degraded; absent: none.'),
  fast(
    'unreadClusters',
    'list',
    'Clusters in which it ran when they were last read, and that cannot be read now; absent: none.',
  ),
  fast('clusterCount', 'number', 'How many clusters it runs in.'),
  fast('singleRegion', 'boolean', 'Whether all its clusters are in one region; absent where one has no region.'),
  fast('versionSkew', 'boolean', 'Whether clusters of one environment run different images of one container.'),
  fast('imagePinned', 'boolean', 'Whether all its images are named by digest.'),
  fast('imageAgeDays', 'number', 'Days since the oldest image that it runs was first rolled out.'),
  fast('pods', 'number', 'Its pods.'),
  fast('ready', 'number', 'Its replicas that are ready.'),
  fast('desired', 'number', 'Its replicas that are wanted.'),
  fast('replicas', 'map', 'By cluster the replicas that are wanted.'),
  fast('restarts', 'number', 'Restarts of the containers of its pods.'),
  fast(
    'noPdb',
    'boolean',
    'Whether a Deployment or StatefulSet of it with two replicas or more has no PodDisruptionBudget.',
  ),
  fast(
    'hpa',
    'map',
    'Autoscaling: `min`, `max` and `current` replicas of all clusters, and `headroom`: the smallest share of `max` that is left, 0 to 1.',
  ),
  fast('hpaAtLimit', 'boolean', 'Whether an autoscaler of it wants no less than its maximum; absent without one.'),
  fast('requests', 'map', 'What its replicas request: `cpu` in cores, `memory` in bytes, each summed over them.'),
  fast(
    'limits',
    'map',
    'The limits of its replicas: `cpu` in cores, `memory` in bytes, each summed over them; absent where one has none.',
  ),
  fast('noLimits', 'boolean', 'Whether a container of it has no memory limit.'),
  fast('probes', 'map', '`readiness` and `liveness`: whether every container that serves has that probe.'),
  fast('privileged', 'boolean', 'Whether a container of it is privileged.'),
  fast('hostNetwork', 'boolean', 'Whether its pods are in the network of their node.'),
  fast('hostPid', 'boolean', 'Whether its pods see the processes of their node.'),
  fast('speaksGrpc', 'boolean', 'Whether ports named grpc, an appProtocol or probes say that it speaks gRPC.'),
  fast('serviceType', 'list', 'Types of the Services that lead to it.'),
  fast('ingressHosts', 'list', 'Hosts of Ingresses and HTTPRoutes that lead to it.'),
] as const satisfies readonly FactSchema[];

/** Path of a fact below `facts.kubernetes`. */
export type FactPath = (typeof factSchemas)[number]['path'];

/** Paths that are stored. */
export const storedPaths: ReadonlySet<string> = new Set(
  factSchemas.filter(({ volatile }: FactSchema) => volatile !== true).map(({ path }) => path),
);
