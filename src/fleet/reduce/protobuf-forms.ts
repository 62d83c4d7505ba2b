import { type MessageForm, messageShape } from '../../kube/protobuf-shape.ts';

/**
 * What is read of the objects that there are most of, by id of their kind, where a cluster sends them as protocol buffers:
 * all that their cells and their health are made of, and nothing else. Numbers of fields are those of `generated.proto` of
 * k8s.io/api and k8s.io/apimachinery.
 *
 * Kinds whose pod templates are kept as they are (Deployment, CronJob ...) are read as JSON: fields that nobody here knows are
 * kept of them too. Custom resources come as JSON alone.
 */

const metadata = messageShape({
  name: [1, 'text'],
  namespace: [3, 'word'],
  uid: [5, 'text'],
  resourceVersion: [6, 'text'],
  generation: [7, 'count'],
  creationTimestamp: [8, 'time'],
  deletionTimestamp: [9, 'time'],
  labels: [11, 'pairs'],
  annotations: [12, 'pairs'],
  ownerReferences: [13, [messageShape({ kind: [1, 'word'], name: [3, 'word'], controller: [6, 'truth'] })]],
});

const condition = messageShape({
  type: [1, 'word'],
  status: [2, 'word'],
  lastTransitionTime: [4, 'time'],
  reason: [5, 'word'],
  message: [6, 'word'],
  observedGeneration: [7, 'count'],
});

const replicaSetCondition = messageShape({
  type: [1, 'word'],
  status: [2, 'word'],
  lastTransitionTime: [3, 'time'],
  reason: [4, 'word'],
  message: [5, 'word'],
});

const container = messageShape({ name: [1, 'word'], image: [2, 'word'], restartPolicy: [24, 'word'] });

const podSpec = messageShape({
  containers: [2, [container]],
  restartPolicy: [3, 'word'],
  nodeName: [10, 'word'],
  initContainers: [20, [container]],
});

const containerState = messageShape({
  waiting: [1, messageShape({ reason: [1, 'word'], message: [2, 'word'] })],
  running: [2, messageShape({})],
  terminated: [
    3,
    messageShape({
      exitCode: [1, 'whole'],
      signal: [2, 'count'],
      reason: [3, 'word'],
      message: [4, 'word'],
      finishedAt: [6, 'time'],
    }),
  ],
});

const containerStatus = messageShape({
  name: [1, 'word'],
  state: [2, containerState],
  lastState: [3, containerState],
  ready: [4, 'truth'],
  restartCount: [5, 'whole'],
  started: [9, 'truth'],
});

const pod = messageShape({
  metadata: [1, metadata],
  spec: [2, podSpec],
  status: [
    3,
    messageShape({
      phase: [1, 'word'],
      conditions: [2, [condition]],
      message: [3, 'word'],
      reason: [4, 'word'],
      startTime: [7, 'time'],
      containerStatuses: [8, [containerStatus]],
      initContainerStatuses: [10, [containerStatus]],
    }),
  ],
});

const replicaSet = messageShape({
  metadata: [1, metadata],
  spec: [2, messageShape({ replicas: [1, 'whole'], template: [3, messageShape({ spec: [2, podSpec] })] })],
  status: [
    3,
    messageShape({
      replicas: [1, 'whole'],
      observedGeneration: [3, 'count'],
      readyReplicas: [4, 'count'],
      availableReplicas: [5, 'count'],
      conditions: [6, [replicaSetCondition]],
    }),
  ],
});

const event = messageShape({
  metadata: [1, metadata],
  involvedObject: [2, messageShape({ kind: [1, 'word'], name: [3, 'word'] })],
  reason: [3, 'word'],
  message: [4, 'word'],
  source: [5, messageShape({ component: [1, 'word'] })],
  firstTimestamp: [6, 'time'],
  lastTimestamp: [7, 'time'],
  count: [8, 'count'],
  type: [9, 'word'],
  eventTime: [10, 'time'],
  series: [11, messageShape({ count: [1, 'count'], lastObservedTime: [2, 'time'] })],
  reportingComponent: [14, 'word'],
});

/** What is read of a kind that comes as protocol buffers, by its id; of others there is nothing here. */
export const protobufForms: Readonly<Record<string, MessageForm>> = { Pod: pod, ReplicaSet: replicaSet, Event: event };
