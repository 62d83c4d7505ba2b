import { isMap, type Json, type JsonMap, listAt, mapAt, textAt, valueAt, plainText } from './kube-object.ts';
import { invalid, type FieldCause } from './api-status.ts';
import type { NewObject } from './object-store.ts';
import type { Resource } from './resources.ts';

/** Sets what the API server sets by itself, and refuses what it would refuse. @throws ApiStatusError 422 */
export function completed(resource: Resource, object: NewObject, now: Date): NewObject {
  const whole = withDefaults(resource, object, now);
  const causes = faultsOf(resource, whole);
  if (causes.length > 0) throw invalid(resource.kind, resource.group, object.metadata.name, causes);
  return whole;
}

function withDefaults(resource: Resource, object: NewObject, now: Date): NewObject {
  const spec = mapAt(object, 'spec');
  switch (resource.kind) {
    case 'Namespace':
      return {
        ...object,
        spec: { finalizers: ['kubernetes'], ...spec },
        status: object['status'] ?? { phase: 'Active' },
      };
    case 'Pod':
      return {
        ...object,
        spec: podSpec(spec),
        status: object['status'] ?? { phase: 'Pending', qosClass: 'BestEffort' },
      };
    case 'Deployment': {
      const strategy = {
        type: 'RollingUpdate',
        ...(textAt(spec, 'strategy', 'type') === 'Recreate'
          ? {}
          : { rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } }),
        ...mapAt(spec, 'strategy'),
      };
      return workload(object, {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        ...spec,
        strategy,
      });
    }
    case 'ReplicaSet':
      return workload(object, { replicas: 1, ...spec });
    case 'StatefulSet':
      return workload(object, {
        replicas: 1,
        revisionHistoryLimit: 10,
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        ...spec,
      });
    case 'DaemonSet':
      return workload(object, {
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
        ...spec,
      });
    case 'Job':
      return workload(object, { parallelism: 1, completions: 1, backoffLimit: 6, suspend: false, ...spec });
    case 'CronJob':
      return {
        ...object,
        spec: {
          concurrencyPolicy: 'Allow',
          suspend: false,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
          ...spec,
        },
        status: object['status'] ?? {},
      };
    case 'Service':
      return { ...object, spec: service(spec, object), status: object['status'] ?? { loadBalancer: {} } };
    case 'Secret':
      return { type: 'Opaque', ...secret(object) };
    case 'Event':
      return { ...object, firstTimestamp: object['firstTimestamp'] ?? now.toISOString().slice(0, 19).concat('Z') };
    default:
      return resource.subresources.includes('status') && object['status'] === undefined
        ? { ...object, status: {} }
        : object;
  }
}

function workload(object: NewObject, spec: JsonMap): NewObject {
  const template = mapAt(spec, 'template');
  const metadata = { creationTimestamp: null, ...mapAt(template, 'metadata') };
  const pod = podSpec(mapAt(template, 'spec'), object['kind'] === 'Job' ? '' : 'Always');
  return {
    ...object,
    spec: { ...spec, template: { ...template, metadata, spec: pod } },
    status: object['status'] ?? {},
  };
}

function podSpec(spec: JsonMap, restartPolicy = 'Always'): JsonMap {
  const policy = textAt(spec, 'restartPolicy') || restartPolicy;
  return {
    ...spec,
    containers: listAt(spec, 'containers').map(container),
    ...(Array.isArray(spec['initContainers']) ? { initContainers: listAt(spec, 'initContainers').map(container) } : {}),
    ...(policy === '' ? {} : { restartPolicy: policy }),
    terminationGracePeriodSeconds: spec['terminationGracePeriodSeconds'] ?? 30,
    dnsPolicy: spec['dnsPolicy'] ?? 'ClusterFirst',
    securityContext: spec['securityContext'] ?? {},
    schedulerName: spec['schedulerName'] ?? 'default-scheduler',
  };
}

function container(value: Json): Json {
  if (!isMap(value)) return value;
  const isLatest = !/:[^/]+$/.test(textAt(value, 'image')) || textAt(value, 'image').endsWith(':latest');
  const ports = listAt(value, 'ports').map((port) =>
    isMap(port) ? { ...port, protocol: port['protocol'] ?? 'TCP' } : port,
  );
  return {
    ...value,
    ...(ports.length > 0 ? { ports } : {}),
    resources: value['resources'] ?? {},
    terminationMessagePath: value['terminationMessagePath'] ?? '/dev/termination-log',
    terminationMessagePolicy: value['terminationMessagePolicy'] ?? 'File',
    imagePullPolicy: value['imagePullPolicy'] ?? (isLatest ? 'Always' : 'IfNotPresent'),
  };
}

function service(spec: JsonMap, object: NewObject): JsonMap {
  const ports = listAt(spec, 'ports').map((port) =>
    isMap(port)
      ? { ...port, protocol: port['protocol'] ?? 'TCP', targetPort: port['targetPort'] ?? port['port'] }
      : port,
  );
  const address =
    textAt(spec, 'clusterIP') || addressOf(`${String(object.metadata.namespace)}/${object.metadata.name}`);
  const isExternal = textAt(spec, 'type') === 'ExternalName';
  return {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    ...spec,
    ...(isExternal
      ? {}
      : {
          clusterIP: address,
          clusterIPs: [address],
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          internalTrafficPolicy: 'Cluster',
        }),
    ...(ports.length > 0 ? { ports } : {}),
  };
}

/** The same address for the same name, so that a fleet looks alike at every start. */
function addressOf(text: string): string {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return `10.96.${hash >> 8}.${hash & 255 || 1}`;
}

function secret(object: NewObject): NewObject {
  const { stringData, ...rest } = object;
  if (!isMap(stringData)) return object;
  const data = Object.fromEntries(
    Object.entries(stringData).map(([name, value]) => [name, Buffer.from(plainText(value)).toString('base64')]),
  );
  return { ...rest, metadata: object.metadata, data: { ...mapAt(object, 'data'), ...data } };
}

const required = (field: string): FieldCause => ({ field, message: 'Required value', reason: 'FieldValueRequired' });

/** What is wrong with an object: the rules that people meet most. */
function faultsOf({ kind }: Resource, object: NewObject): readonly FieldCause[] {
  switch (kind) {
    case 'Pod':
      return podFaults(mapAt(object, 'spec'), 'spec');
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
      return [...selectorFaults(object), ...podFaults(mapAt(object, 'spec', 'template', 'spec'), 'spec.template.spec')];
    case 'Job':
      return podFaults(mapAt(object, 'spec', 'template', 'spec'), 'spec.template.spec');
    case 'CronJob':
      return textAt(object, 'spec', 'schedule') === '' ? [required('spec.schedule')] : [];
    default:
      return [];
  }
}

function selectorFaults(object: NewObject): readonly FieldCause[] {
  const selector = valueAt(object, 'spec', 'selector');
  if (!isMap(selector)) return [required('spec.selector')];
  const labels = mapAt(object, 'spec', 'template', 'metadata', 'labels');
  const isMet = Object.entries(mapAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value);
  if (isMet) return [];
  const told = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``;
  return [{ field: 'spec.template.metadata.labels', message: told, reason: 'FieldValueInvalid' }];
}

function podFaults(spec: JsonMap, field: string): readonly FieldCause[] {
  const containers = listAt(spec, 'containers');
  if (containers.length === 0) return [required(`${field}.containers`)];
  return containers.flatMap((each, at) => [
    ...(textAt(each, 'name') === '' ? [required(`${field}.containers[${at}].name`)] : []),
    ...(textAt(each, 'image') === '' ? [required(`${field}.containers[${at}].image`)] : []),
  ]);
}
