/** A pod as a busy cluster has them, as JSON in the layout of an API server: about 12 kB, two fifths of it managedFields. */
export function podJson(number: number, resourceVersion: number): string {
  const name = `desk-${(number % 97).toString(36)}-7f9c6d5b8-${number.toString(36).padStart(5, 'x')}`;
  const labels = {
    app: `desk-${number % 97}`,
    'app.kubernetes.io/version': `1.${number % 7}.0`,
    'pod-template-hash': '7f9c6d5b8',
  };
  const container = (title: string): object => ({
    name: title,
    image: `registry.example/lantern/${title}:1.${number % 7}.0`,
    args: ['--listen=:8080', `--shard=${number % 16}`, '--log-format=json'],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: Array.from({ length: 10 }, (_, at) => ({ name: `SETTING_${at}`, value: `value ${at} of ${name}` })),
    resources: { limits: { memory: '512Mi' }, requests: { cpu: '250m', memory: '256Mi' } },
    volumeMounts: [
      { name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ],
    livenessProbe: probe('/live'),
    readinessProbe: probe('/ready'),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { capabilities: { drop: ['ALL'] }, runAsNonRoot: true, allowPrivilegeEscalation: false },
  });
  const titles = ['desk', 'sidecar'];
  const pod = {
    metadata: {
      name,
      generateName: `desk-${number % 97}-7f9c6d5b8-`,
      namespace: `team-${number % 40}`,
      uid: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
      resourceVersion: String(resourceVersion),
      creationTimestamp: '2026-11-01T10:00:00Z',
      labels,
      annotations: {
        'example.dev/config-digest': 'a'.repeat(64),
        'example.dev/note': 'He said "yes" and wrote it down',
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'desk-7f9c6d5b8',
          uid: '1',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: [managed('kube-controller-manager', titles, 'spec'), managed('kubelet', titles, 'status')],
    },
    spec: {
      volumes: [
        {
          name: 'kube-api-access',
          projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] },
        },
      ],
      containers: titles.map(container),
      restartPolicy: 'Always',
      nodeName: `node-${number % 300}`,
      serviceAccountName: 'default',
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
    },
    status: {
      phase: 'Running',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
        (type) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: '2026-11-01T10:00:05Z' }),
      ),
      hostIP: '10.0.0.1',
      podIP: '10.1.2.3',
      podIPs: [{ ip: '10.1.2.3' }],
      startTime: '2026-11-01T10:00:00Z',
      containerStatuses: titles.map((title) => ({
        name: title,
        state: { running: { startedAt: '2026-11-01T10:00:04Z' } },
        lastState: {},
        ready: true,
        restartCount: number % 3,
        image: `registry.example/lantern/${title}:1`,
        imageID: `registry.example/lantern/${title}@sha256:${'b'.repeat(64)}`,
        containerID: `containerd://${'c'.repeat(64)}`,
        started: true,
      })),
      qosClass: 'Burstable',
    },
  };
  return JSON.stringify(pod);
}

function probe(path: string): object {
  return {
    httpGet: { path, port: 'http', scheme: 'HTTP' },
    initialDelaySeconds: 5,
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
}

/** An entry of managedFields, with the keys and nested maps that servers write. */
function managed(manager: string, titles: readonly string[], part: string): object {
  const names = [
    'name',
    'image',
    'args',
    'env',
    'ports',
    'resources',
    'probe',
    'message',
    'reason',
    'status',
    'state',
    'ready',
    'policy',
    'path',
    'limits',
    'mounts',
  ];
  const fields = Object.fromEntries(names.map((field) => [`f:${field}`, { 'f:inner': {} }]));
  const keyed = Object.fromEntries(titles.map((title) => [`k:{"name":"${title}"}`, { '.': {}, ...fields }]));
  const conditions = ['Ready', 'Initialized', 'PodScheduled'].map((type) => [
    `k:{"type":"${type}"}`,
    { '.': {}, ...fields },
  ]);
  return {
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: '2026-11-01T10:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { [`f:${part}`]: { 'f:containers': keyed, 'f:conditions': Object.fromEntries(conditions) } },
    ...(part === 'status' && { subresource: 'status' }),
  };
}
