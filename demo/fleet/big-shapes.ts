import { managed, ownLabels, templateAnnotations, templateSpec } from './big-pods.ts';
import { type Template, templateOf } from './big-template.ts';
import type { Json, JsonMap } from './kube-object.ts';

const labels: JsonMap = { ...ownLabels };
const helm: JsonMap = { 'meta.helm.sh/release-name': '{app}', 'meta.helm.sh/release-namespace': '{namespace}' };
const selector: JsonMap = { matchLabels: { 'app.kubernetes.io/instance': '{app}', 'app.kubernetes.io/name': '{app}' } };
const podTemplate: JsonMap = {
  metadata: { creationTimestamp: null, labels, annotations: templateAnnotations },
  spec: templateSpec,
};

/** One condition of a status. */
function condition(type: string, status: string, reason: string, message: string): JsonMap {
  return { type, status, lastUpdateTime: '{touched}', lastTransitionTime: '{touched}', reason, message };
}

interface Shape {
  readonly metadata?: JsonMap;
  readonly body: JsonMap;
  readonly status?: JsonMap;
  readonly manager?: string;
  readonly statusManager?: string;
}

/** A template of a whole object, with metadata as the API server keeps it. */
function whole({
  metadata = {},
  body,
  status = {},
  manager = 'helm',
  statusManager = 'kube-controller-manager',
}: Shape): Template {
  const hasStatus = Object.keys(status).length > 0;
  return templateOf({
    metadata: {
      name: '{name}',
      namespace: '{namespace}',
      uid: '{uid}',
      resourceVersion: '{rv}',
      creationTimestamp: '{created}',
      ...metadata,
      managedFields: managed(manager, { metadata, ...body }, hasStatus ? { status } : {}, statusManager),
    },
    ...body,
    ...(hasStatus && { status }),
  });
}

const generation: JsonMap = { generation: '{#generation}' };
const ofHelm: JsonMap = { labels, annotations: helm };
const ownedBy = (kind: string, apiVersion: string): Json => [
  { apiVersion, kind, name: '{owner}', uid: '{ownerUid}', controller: true, blockOwnerDeletion: true },
];
const replicaCounts: JsonMap = {
  observedGeneration: '{#generation}',
  replicas: '{#replicas}',
  updatedReplicas: '{#replicas}',
  readyReplicas: '{#ready}',
  availableReplicas: '{#ready}',
};

/** Templates by kind; namespaced ones have the hole `namespace`. */
export const shapes = {
  Namespace: templateOf({
    metadata: {
      name: '{name}',
      uid: '{uid}',
      resourceVersion: '{rv}',
      creationTimestamp: '{created}',
      labels: {
        'kubernetes.io/metadata.name': '{name}',
        team: '{team}',
        'pod-security.kubernetes.io/enforce': 'restricted',
      },
      managedFields: managed('platform', { metadata: { labels: { team: '' } } }, {}, 'kube-controller-manager'),
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }),
  Deployment: whole({
    metadata: { ...generation, labels, annotations: { ...helm, 'deployment.kubernetes.io/revision': '{revision}' } },
    body: {
      spec: {
        replicas: '{#replicas}',
        selector,
        template: podTemplate,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
    },
    status: {
      ...replicaCounts,
      unavailableReplicas: '{#missing}',
      conditions: [
        condition('Available', '{available}', '{availableReason}', 'Deployment has {availability} availability.'),
        condition(
          'Progressing',
          'True',
          'NewReplicaSetAvailable',
          'ReplicaSet {app}-{hash} has successfully progressed.',
        ),
      ],
    },
  }),
  ReplicaSet: whole({
    metadata: {
      ...generation,
      labels: { ...labels, 'pod-template-hash': '{hash}' },
      annotations: {
        ...helm,
        'deployment.kubernetes.io/desired-replicas': '{replicas}',
        'deployment.kubernetes.io/max-replicas': '{replicas}',
        'deployment.kubernetes.io/revision': '{revision}',
      },
      ownerReferences: ownedBy('Deployment', 'apps/v1'),
    },
    body: { spec: { replicas: '{#replicas}', selector, template: podTemplate } },
    status: {
      replicas: '{#replicas}',
      fullyLabeledReplicas: '{#replicas}',
      readyReplicas: '{#ready}',
      availableReplicas: '{#ready}',
      observedGeneration: '{#generation}',
    },
    manager: 'kube-controller-manager',
  }),
  StatefulSet: whole({
    metadata: { ...generation, ...ofHelm },
    body: {
      spec: {
        replicas: '{#replicas}',
        selector,
        template: podTemplate,
        serviceName: '{app}',
        podManagementPolicy: 'Parallel',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        revisionHistoryLimit: 10,
      },
    },
    status: {
      ...replicaCounts,
      currentReplicas: '{#replicas}',
      currentRevision: '{app}-{hash}',
      updateRevision: '{app}-{hash}',
      collisionCount: 0,
    },
  }),
  DaemonSet: whole({
    metadata: { ...generation, ...ofHelm },
    body: {
      spec: {
        selector,
        template: podTemplate,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
        revisionHistoryLimit: 10,
      },
    },
    status: {
      currentNumberScheduled: '{#replicas}',
      numberMisscheduled: 0,
      desiredNumberScheduled: '{#replicas}',
      numberReady: '{#ready}',
      observedGeneration: '{#generation}',
      updatedNumberScheduled: '{#replicas}',
      numberAvailable: '{#ready}',
    },
  }),
  CronJob: whole({
    metadata: { ...generation, ...ofHelm },
    body: {
      spec: {
        schedule: '{#schedule}',
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        suspend: false,
        jobTemplate: { metadata: { creationTimestamp: null }, spec: { template: podTemplate } },
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      },
    },
    status: { lastScheduleTime: '{touched}', lastSuccessfulTime: '{touched}' },
  }),
  Job: whole({
    metadata: {
      ...generation,
      labels,
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '{started}' },
      ownerReferences: ownedBy('CronJob', 'batch/v1'),
    },
    body: {
      spec: { parallelism: 1, completions: 1, backoffLimit: 2, selector, template: podTemplate, suspend: false },
    },
    status: {
      startTime: '{started}',
      completionTime: '{touched}',
      succeeded: 1,
      terminating: 0,
      uncountedTerminatedPods: {},
      conditions: [condition('Complete', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods')],
    },
    manager: 'kube-controller-manager',
  }),
  HorizontalPodAutoscaler: whole({
    metadata: ofHelm,
    body: {
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: '{app}', apiVersion: 'apps/v1' },
        minReplicas: '{#minimum}',
        maxReplicas: '{#maximum}',
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
      },
    },
    status: {
      lastScaleTime: '{touched}',
      currentReplicas: '{#replicas}',
      desiredReplicas: '{#replicas}',
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 41, averageValue: '103m' } } },
      ],
      conditions: [
        condition('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size'),
        condition('ScalingActive', 'True', 'ValidMetricFound', 'the HPA was able to compute the replica count'),
        condition('ScalingLimited', 'False', 'DesiredWithinRange', 'the desired count is within the acceptable range'),
      ],
    },
  }),
  PodDisruptionBudget: whole({
    metadata: { ...generation, ...ofHelm },
    body: { spec: { maxUnavailable: 1, selector } },
    status: {
      observedGeneration: '{#generation}',
      disruptionsAllowed: 1,
      currentHealthy: '{#ready}',
      desiredHealthy: '{#minimum}',
      expectedPods: '{#replicas}',
      conditions: [condition('DisruptionAllowed', 'True', 'SufficientPods', '')],
    },
  }),
  Service: whole({
    metadata: ofHelm,
    body: {
      spec: {
        ports: [
          { name: 'http', protocol: 'TCP', appProtocol: 'http', port: 80, targetPort: 'http' },
          { name: 'metrics', protocol: 'TCP', port: 9090, targetPort: 'metrics' },
        ],
        selector: { 'app.kubernetes.io/instance': '{app}', 'app.kubernetes.io/name': '{app}' },
        clusterIP: '{podIp}',
        clusterIPs: ['{podIp}'],
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
      },
    },
    status: { loadBalancer: {} },
  }),
  Ingress: whole({
    metadata: { ...generation, labels, annotations: { ...helm, 'cert-manager.io/cluster-issuer': 'internal' } },
    body: {
      spec: {
        ingressClassName: 'internal',
        tls: [{ hosts: ['{app}.{environment}.example'], secretName: '{app}-tls' }],
        rules: [
          {
            host: '{app}.{environment}.example',
            http: {
              paths: [
                { path: '/', pathType: 'Prefix', backend: { service: { name: '{app}', port: { name: 'http' } } } },
              ],
            },
          },
        ],
      },
    },
    status: { loadBalancer: { ingress: [{ ip: '{hostIp}' }] } },
    statusManager: 'ingress-controller',
  }),
  ConfigMap: whole({
    metadata: ofHelm,
    body: { data: { 'service.yaml': '{app}: '.concat('limits and names of the service; '.repeat(60)) } },
  }),
  PersistentVolumeClaim: whole({
    metadata: { labels },
    body: {
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '20Gi' } },
        volumeName: 'pvc-{uid}',
        storageClassName: 'fast',
        volumeMode: 'Filesystem',
      },
    },
    status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '20Gi' } },
  }),
  ResourceQuota: whole({
    body: { spec: { hard: { 'requests.cpu': '400', 'requests.memory': '800Gi', pods: '2000' } } },
    status: {
      hard: { 'requests.cpu': '400', 'requests.memory': '800Gi', pods: '2000' },
      used: { 'requests.cpu': '131', 'requests.memory': '262Gi', pods: '512' },
    },
  }),
  Event: templateOf({
    metadata: {
      name: '{name}',
      namespace: '{namespace}',
      uid: '{uid}',
      resourceVersion: '{rv}',
      creationTimestamp: '{touched}',
      managedFields: managed('kubelet', { involvedObject: { kind: '', name: '' }, reason: '' }, {}, 'kubelet'),
    },
    involvedObject: {
      kind: 'Pod',
      namespace: '{namespace}',
      name: '{pod}',
      uid: '{ownerUid}',
      apiVersion: 'v1',
      fieldPath: 'spec.containers[{app}]',
    },
    reason: '{reason}',
    message: '{message}',
    source: { component: 'kubelet', host: '{node}' },
    firstTimestamp: '{started}',
    lastTimestamp: '{touched}',
    count: '{#count}',
    type: 'Warning',
    eventTime: null,
    reportingComponent: 'kubelet',
    reportingInstance: '{node}',
  }),
  Node: nodeTemplate(),
} satisfies Readonly<Record<string, Template>>;

function nodeTemplate(): Template {
  const nodeLabels: JsonMap = {
    'beta.kubernetes.io/arch': 'amd64',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': '{name}',
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': 'm16',
    'topology.kubernetes.io/region': '{region}',
    'topology.kubernetes.io/zone': '{region}-{zone}',
  };
  const heartbeat = (type: string, status: string, reason: string): JsonMap => ({
    type,
    status,
    lastHeartbeatTime: '{touched}',
    lastTransitionTime: '{created}',
    reason,
    message: `kubelet says ${reason}`,
  });
  const resources = { cpu: '16', 'ephemeral-storage': '202044Mi', memory: '64Gi', pods: '110' };
  const status: JsonMap = {
    capacity: resources,
    allocatable: { ...resources, cpu: '15890m', memory: '60Gi' },
    conditions: [
      heartbeat('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
      heartbeat('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
      heartbeat('PIDPressure', 'False', 'KubeletHasSufficientPID'),
      heartbeat('Ready', 'True', 'KubeletReady'),
    ],
    addresses: [
      { type: 'InternalIP', address: '{hostIp}' },
      { type: 'Hostname', address: '{name}' },
    ],
    nodeInfo: {
      kernelVersion: '6.12.41',
      osImage: 'Demo',
      containerRuntimeVersion: 'containerd://2.1.4',
      kubeletVersion: 'v{kubernetes}',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
    images: Array.from({ length: 30 }, (_, at) => ({
      names: [`registry.example/layer-${at}@sha256:{digest}`, `registry.example/layer-${at}:1.${at}.0`],
      sizeBytes: 180_000_000 - at * 1_000,
    })),
  };
  return templateOf({
    metadata: {
      name: '{name}',
      uid: '{uid}',
      resourceVersion: '{rv}',
      creationTimestamp: '{created}',
      labels: nodeLabels,
      managedFields: managed('kubelet', { metadata: { labels: nodeLabels } }, { status }, 'kubelet'),
    },
    spec: { podCIDR: '10.0.0.0/24', providerID: 'demo://{name}' },
    status,
  });
}
