import { ApiStatusError } from './api-status.ts';
import type { Json } from './kube-object.ts';

/** What a field of a message is: a text, a whole number, a truth value, a map of texts, or another message. */
type FieldType = 'text' | 'number' | 'flag' | 'texts' | 'map' | MessageName | readonly [MessageName];
type Message = Readonly<Record<number, readonly [name: string, type: FieldType]>>;
type MessageName = keyof typeof messages;

/**
 * The messages that kubectl writes in protobuf: what it creates from flags, and reviews (field numbers: generated.proto of
 * the Kubernetes API). Everything else it sends as JSON.
 */
const messages = {
  ObjectMeta: {
    1: ['name', 'text'],
    2: ['generateName', 'text'],
    3: ['namespace', 'text'],
    8: ['creationTimestamp', 'Time'],
    11: ['labels', 'map'],
    12: ['annotations', 'map'],
  },
  Time: {},
  Empty: {},
  DeleteOptions: {
    1: ['gracePeriodSeconds', 'number'],
    2: ['preconditions', 'Preconditions'],
    3: ['orphanDependents', 'flag'],
    4: ['propagationPolicy', 'text'],
    5: ['dryRun', 'texts'],
  },
  Preconditions: { 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] },
  Eviction: { 1: ['metadata', 'ObjectMeta'], 2: ['deleteOptions', 'DeleteOptions'] },
  SelfSubjectAccessReview: { 1: ['metadata', 'ObjectMeta'], 2: ['spec', 'AccessSpec'], 3: ['status', 'Empty'] },
  AccessSpec: {
    1: ['resourceAttributes', 'ResourceAttributes'],
    2: ['nonResourceAttributes', 'NonResourceAttributes'],
  },
  ResourceAttributes: {
    1: ['namespace', 'text'],
    2: ['verb', 'text'],
    3: ['group', 'text'],
    4: ['version', 'text'],
    5: ['resource', 'text'],
    6: ['subresource', 'text'],
    7: ['name', 'text'],
  },
  NonResourceAttributes: { 1: ['path', 'text'], 2: ['verb', 'text'] },
  SelfSubjectRulesReview: { 1: ['metadata', 'ObjectMeta'], 2: ['spec', 'RulesSpec'], 3: ['status', 'Empty'] },
  RulesSpec: { 1: ['namespace', 'text'] },
  SelfSubjectReview: { 1: ['metadata', 'ObjectMeta'], 2: ['status', 'Empty'] },
  Namespace: { 1: ['metadata', 'ObjectMeta'], 2: ['spec', 'Empty'], 3: ['status', 'Empty'] },
  ConfigMap: { 1: ['metadata', 'ObjectMeta'], 2: ['data', 'map'] },
  ServiceAccount: { 1: ['metadata', 'ObjectMeta'] },
  Deployment: { 1: ['metadata', 'ObjectMeta'], 2: ['spec', 'DeploymentSpec'], 3: ['status', 'Empty'] },
  DeploymentSpec: {
    1: ['replicas', 'number'],
    2: ['selector', 'LabelSelector'],
    3: ['template', 'PodTemplateSpec'],
    4: ['strategy', 'Empty'],
    5: ['minReadySeconds', 'number'],
    7: ['paused', 'flag'],
  },
  LabelSelector: { 1: ['matchLabels', 'map'] },
  PodTemplateSpec: { 1: ['metadata', 'ObjectMeta'], 2: ['spec', 'PodSpec'] },
  PodSpec: {
    2: ['containers', ['Container']],
    3: ['restartPolicy', 'text'],
    6: ['dnsPolicy', 'text'],
    8: ['serviceAccountName', 'text'],
    9: ['serviceAccount', 'text'],
    10: ['nodeName', 'text'],
    11: ['hostNetwork', 'flag'],
    12: ['hostPID', 'flag'],
    13: ['hostIPC', 'flag'],
    16: ['hostname', 'text'],
    17: ['subdomain', 'text'],
    19: ['schedulerName', 'text'],
    24: ['priorityClassName', 'text'],
  },
  Container: {
    1: ['name', 'text'],
    2: ['image', 'text'],
    3: ['command', 'texts'],
    4: ['args', 'texts'],
    5: ['workingDir', 'text'],
    6: ['ports', ['ContainerPort']],
    8: ['resources', 'Empty'],
    13: ['terminationMessagePath', 'text'],
    14: ['imagePullPolicy', 'text'],
    16: ['stdin', 'flag'],
    17: ['stdinOnce', 'flag'],
    18: ['tty', 'flag'],
    20: ['terminationMessagePolicy', 'text'],
  },
  ContainerPort: {
    1: ['name', 'text'],
    2: ['hostPort', 'number'],
    3: ['containerPort', 'number'],
    4: ['protocol', 'text'],
    5: ['hostIP', 'text'],
  },
  Job: { 1: ['metadata', 'ObjectMeta'], 2: ['spec', 'JobSpec'], 3: ['status', 'Empty'] },
  JobSpec: { 1: ['parallelism', 'number'], 2: ['completions', 'number'], 6: ['template', 'PodTemplateSpec'] },
  CronJob: { 1: ['metadata', 'ObjectMeta'], 2: ['spec', 'CronJobSpec'], 3: ['status', 'Empty'] },
  CronJobSpec: {
    1: ['schedule', 'text'],
    3: ['concurrencyPolicy', 'text'],
    4: ['suspend', 'flag'],
    5: ['jobTemplate', 'JobTemplate'],
  },
  JobTemplate: { 1: ['metadata', 'ObjectMeta'], 2: ['spec', 'JobSpec'] },
} as const satisfies Record<string, Readonly<Record<number, readonly [string, string | readonly [string]]>>>;

const MAGIC = Buffer.from('k8s\0');

/**
 * Reads an object that was sent as `application/vnd.kubernetes.protobuf`.
 * @throws ApiStatusError 415 for an object whose form is not known here
 */
export function readProtobuf(bytes: Buffer): Json {
  if (!bytes.subarray(0, 4).equals(MAGIC))
    throw new ApiStatusError('BadRequest', 'the body does not begin as Kubernetes protobuf does');
  const envelope = fieldsOf(bytes.subarray(4));
  const type = fieldsOf(last(envelope, 1));
  const [apiVersion, kind] = [last(type, 1).toString(), last(type, 2).toString()];
  if (!Object.hasOwn(messages, kind))
    throw new ApiStatusError(
      'UnsupportedMediaType',
      `${kind} is not read as protobuf here; send it as application/json`,
    );
  return { apiVersion, kind, ...message(last(envelope, 2), kind as MessageName) };
}

interface Field {
  readonly number: number;
  readonly value: number | Buffer;
}

function message(bytes: Buffer, name: MessageName): Record<string, Json> {
  const known: Message = messages[name];
  const result: Record<string, Json> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const [field, type] = known[number] ?? [];
    if (field === undefined || type === undefined) continue;
    // An empty message says that the field is there; what would be in it is the server's to set.
    if (type === 'Time' || type === 'Empty') continue;
    if (type === 'map') result[field] = { ...(result[field] as object | undefined), ...mapEntry(value) };
    else if (type === 'texts') result[field] = [...((result[field] as Json[] | undefined) ?? []), String(value)];
    else if (typeof type !== 'string')
      result[field] = [...((result[field] as Json[] | undefined) ?? []), message(bytesOf(value), type[0])];
    else {
      const one = single(value, type);
      if (one !== '' && one !== false) result[field] = one;
    }
  }
  return result;
}

function single(value: number | Buffer, type: 'text' | 'number' | 'flag' | MessageName): Json {
  switch (type) {
    case 'text':
      return value.toString();
    case 'number':
      return Number(value);
    case 'flag':
      return Number(value) !== 0;
    default:
      return message(bytesOf(value), type);
  }
}

function mapEntry(value: number | Buffer): Record<string, string> {
  const fields = fieldsOf(bytesOf(value));
  return { [last(fields, 1).toString()]: last(fields, 2).toString() };
}

function bytesOf(value: number | Buffer): Buffer {
  return typeof value === 'number' ? Buffer.alloc(0) : value;
}

function last(fields: readonly Field[], number: number): Buffer {
  const found = fields.findLast((field) => field.number === number);
  return bytesOf(found?.value ?? 0);
}

/** The fields of a message: varints as numbers, what has a length as bytes. */
function fieldsOf(bytes: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let result = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new ApiStatusError('BadRequest', 'the protobuf body is cut off');
      result += (byte & 127) * shift;
      if (byte < 128) return result;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 2: {
        const length = varint();
        fields.push({ number, value: bytes.subarray(at, at + length) });
        at += length;
        break;
      }
      case 1:
        at += 8;
        break;
      case 5:
        at += 4;
        break;
      default:
        throw new ApiStatusError('BadRequest', 'the protobuf body cannot be read');
    }
  }
  return fields;
}
