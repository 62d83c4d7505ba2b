import type { JsonMap } from './kube-object.ts';
import type { NewObject } from './object-store.ts';
import { exposureOf } from './world-exposure.ts';
import type { Placement } from './world-placement.ts';
import { podTemplate } from './world-pods.ts';

/** An object that is to be put into a cluster. */
export interface Manifest {
  readonly group: string;
  readonly plural: string;
  readonly object: NewObject;
}

/** Everything that a program consists of in a cluster: its workload, and what stands beside it. */
export function manifestsOf(placement: Placement): readonly Manifest[] {
  const { program, kind, replicas, cluster } = placement;
  const metadata = metadataOf(placement);
  const settings = manifest('', 'configmaps', {
    metadata: { ...metadata, name: `${program.name}-settings` },
    data: { LOG_LEVEL: cluster.environment === 'prod' ? 'info' : 'debug', HOUSE: cluster.region },
  });
  const account = manifest('', 'serviceaccounts', { metadata });
  const isGuarded = replicas > 1 && kind !== 'CronJob' && kind !== 'DaemonSet';
  return [
    settings,
    account,
    ...workloadOf(placement, metadata),
    ...exposureOf(placement, metadata),
    ...(isGuarded ? [budgetOf(placement, metadata)] : []),
    ...(isScaled(placement) ? [scalerOf(placement, metadata)] : []),
  ];
}

/** True where the number of pods follows the load. */
export function isScaled({ program, kind, cluster }: Placement): boolean {
  return kind === 'Deployment' && cluster.environment === 'prod' && program.type !== 'worker';
}

/** An object with its resource. */
export function manifest(group: string, plural: string, object: NewObject): Manifest {
  return { group, plural, object };
}

/** Name, namespace and labels of what belongs to a program. */
export function metadataOf({ program, version }: Placement): NewObject['metadata'] {
  return { name: program.name, namespace: program.system, labels: labelsOf(program, version) };
}

function labelsOf(program: Placement['program'], version: string): JsonMap {
  return {
    'app.kubernetes.io/name': program.name,
    'app.kubernetes.io/part-of': program.system,
    'app.kubernetes.io/component': program.type,
    'app.kubernetes.io/version': version,
    'lantern.example/team': program.team,
    ...(program.id === undefined ? {} : { 'backstage.io/kubernetes-id': program.id }),
  };
}

function workloadOf(placement: Placement, metadata: NewObject['metadata']): readonly Manifest[] {
  const { program, kind, replicas } = placement;
  const selector = { matchLabels: { 'app.kubernetes.io/name': program.name } };
  const template = podTemplate(placement, metadata);
  switch (kind) {
    case 'Deployment': {
      const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } };
      const spec = { replicas, revisionHistoryLimit: 3, progressDeadlineSeconds: 600, selector, strategy, template };
      return [manifest('apps', 'deployments', { metadata, spec })];
    }
    case 'StatefulSet':
      return [
        manifest('apps', 'statefulsets', {
          metadata,
          spec: { replicas, serviceName: program.name, selector, template },
        }),
        ...Array.from({ length: replicas }, (_, at) => claimOf(metadata, `data-${program.name}-${at}`)),
      ];
    case 'DaemonSet':
      return [manifest('apps', 'daemonsets', { metadata, spec: { selector, template } })];
    default: {
      const jobTemplate = {
        metadata: { labels: metadata['labels'] ?? {} },
        spec: { backoffLimit: 1, ttlSecondsAfterFinished: 6 * 3_600, template },
      };
      const spec = { schedule: '*/15 * * * *', concurrencyPolicy: 'Forbid', jobTemplate };
      return [manifest('batch', 'cronjobs', { metadata, spec })];
    }
  }
}

/** A claim that is bound already, as the claims of a StatefulSet are when it runs. */
function claimOf(metadata: NewObject['metadata'], name: string): Manifest {
  const accessModes = ['ReadWriteOnce'];
  return manifest('', 'persistentvolumeclaims', {
    metadata: { ...metadata, name },
    spec: {
      accessModes,
      resources: { requests: { storage: '20Gi' } },
      storageClassName: 'standard',
      volumeName: `pvc-${name}`,
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Bound', accessModes, capacity: { storage: '20Gi' } },
  });
}

function budgetOf({ program }: Placement, metadata: NewObject['metadata']): Manifest {
  const selector = { matchLabels: { 'app.kubernetes.io/name': program.name } };
  return manifest('policy', 'poddisruptionbudgets', { metadata, spec: { maxUnavailable: 1, selector } });
}

function scalerOf({ program, replicas }: Placement, metadata: NewObject['metadata']): Manifest {
  return manifest('autoscaling', 'horizontalpodautoscalers', {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: program.name },
      minReplicas: replicas,
      maxReplicas: replicas * 2,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    },
    status: { currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 47 } } }] },
  });
}
