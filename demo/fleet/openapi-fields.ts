import type { JsonMap } from './kube-object.ts';
import type { Resource } from './resources.ts';

/** What the schema of a kind tells. */
export interface KindFields {
  readonly described: string;
  readonly properties: JsonMap;
}

type Fields = Readonly<Record<string, string | readonly [string, Fields]>>;

const container: Fields = {
  'name: string': 'Name of the container, unique within the pod.',
  'image: string': 'Image that it runs.',
  'command: array': 'Command in place of the entry point of the image.',
  'args: array': 'Arguments of the command.',
  'env: array': 'Environment variables.',
  'ports: array': 'Ports that it listens on.',
  'resources: object': [
    'Requests and limits.',
    { 'limits: object': 'At most this much.', 'requests: object': 'At least this much.' },
  ],
  'livenessProbe: object': 'When it is restarted.',
  'readinessProbe: object': 'When it gets traffic.',
  'startupProbe: object': 'When it has started.',
  'volumeMounts: array': 'Where volumes are.',
};
const podSpec: Fields = {
  'containers: array': ['The containers of the pod.', container],
  'initContainers: array': ['Containers that run before them, one after the other.', container],
  'nodeName: string': 'Node that it runs on.',
  'restartPolicy: string': 'Always, OnFailure or Never.',
  'serviceAccountName: string': 'Account that it runs as.',
  'terminationGracePeriodSeconds: integer': 'How long it may take to end.',
  'volumes: array': 'Volumes that containers can mount.',
};
const template: Fields = {
  'metadata: object': 'Labels and annotations of its pods.',
  'spec: object': ['What its pods are.', podSpec],
};
const replicated: Fields = {
  'replicas: integer': 'Number of pods that are wanted.',
  'selector: object': 'Which pods are its own.',
  'template: object': ['What each pod is.', template],
};

const kinds: Readonly<Record<string, readonly [string, Fields]>> = {
  Pod: [
    'A group of containers that run together on one node.',
    { 'spec: object': ['What is wanted.', podSpec], 'status: object': 'What is.' },
  ],
  Deployment: [
    'Keeps a number of equal pods running and replaces them step by step when their template changes.',
    {
      'spec: object': [
        'What is wanted.',
        {
          ...replicated,
          'strategy: object': 'How pods are replaced.',
          'paused: boolean': 'True: changes of the template wait.',
          'progressDeadlineSeconds: integer': 'After how long without progress a rollout has failed.',
          'revisionHistoryLimit: integer': 'How many old ReplicaSets are kept.',
        },
      ],
      'status: object': 'What is.',
    },
  ],
  StatefulSet: [
    'Keeps pods with lasting names and storage.',
    {
      'spec: object': ['What is wanted.', { ...replicated, 'serviceName: string': 'Service that names its pods.' }],
      'status: object': 'What is.',
    },
  ],
  DaemonSet: [
    'Keeps one pod on every node.',
    {
      'spec: object': [
        'What is wanted.',
        { 'selector: object': 'Which pods are its own.', 'template: object': ['What each pod is.', template] },
      ],
      'status: object': 'What is.',
    },
  ],
  ReplicaSet: [
    'Keeps a number of equal pods running.',
    { 'spec: object': ['What is wanted.', replicated], 'status: object': 'What is.' },
  ],
  Job: [
    'Runs pods until enough of them ended well.',
    {
      'spec: object': [
        'What is wanted.',
        {
          'completions: integer': 'How many must end well.',
          'parallelism: integer': 'How many run at a time.',
          'template: object': ['What each pod is.', template],
        },
      ],
      'status: object': 'What is.',
    },
  ],
  Service: [
    'A name and address for pods.',
    {
      'spec: object': [
        'What is wanted.',
        {
          'ports: array': 'Ports of the service.',
          'selector: object': 'Pods behind it.',
          'type: string': 'ClusterIP, NodePort, LoadBalancer or ExternalName.',
        },
      ],
      'status: object': 'What is.',
    },
  ],
};

/** The fields of a kind. Kinds that are not described have a spec and a status of any form. */
export function fieldsOf({ kind }: Resource): KindFields {
  const [described, fields] = kinds[kind] ?? [
    `A ${kind}.`,
    { 'spec: object': 'What is wanted.', 'status: object': 'What is.' },
  ];
  return { described, properties: propertiesOf(fields) };
}

function propertiesOf(fields: Fields): JsonMap {
  return Object.fromEntries(Object.entries(fields).map(([key, told]) => property(key, told)));
}

function property(key: string, told: Fields[string]): readonly [string, JsonMap] {
  const [name = '', type = 'object'] = key.split(': ');
  const [description, below] = typeof told === 'string' ? [told, undefined] : told;
  const properties = below && propertiesOf(below);
  if (type === 'array') {
    const items = properties ? { type: 'object', properties } : { type: 'object' };
    return [name, { type, description, items }];
  }
  return [name, { type, description, ...(properties && { properties }) }];
}
