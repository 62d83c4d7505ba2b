import { ApiStatusError } from './api-status.ts';
import { type KubeObject, plainText, valueAt } from './kube-object.ts';

/** Tells whether an object is among those that a request asks for. */
export type Matches = (object: KubeObject) => boolean;

type Labels = Readonly<Record<string, string>>;

/** Takes every object. */
export const matchesAll: Matches = () => true;

/** `labelSelector` of a request. @throws ApiStatusError 400 where it cannot be understood */
export function labelSelector(text: string): Matches {
  if (text.trim() === '') return matchesAll;
  const tests = splitRequirements(text).map(labelRequirement);
  return (object) => tests.every((holds) => holds(object.metadata.labels ?? {}));
}

function splitRequirements(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '(') depth += 1;
    else if (letter === ')') depth -= 1;
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function labelRequirement(text: string): (labels: Labels) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return setRequirement(set[1] ?? '', set[2] === 'in' ? 'In' : 'NotIn', values);
  }
  const equal = /^([^\s!=]+)\s*(==|=|!=)\s*(\S*)$/.exec(text);
  if (equal) return setRequirement(equal[1] ?? '', equal[2] === '!=' ? 'NotIn' : 'In', [equal[3] ?? '']);
  if (/^![^\s!=,()]+$/.test(text)) return setRequirement(text.slice(1), 'DoesNotExist', []);
  if (/^[^\s!=,()]+$/.test(text)) return setRequirement(text, 'Exists', []);
  throw new ApiStatusError('BadRequest', `unable to parse requirement: ${text}`);
}

function setRequirement(key: string, operator: string, values: readonly string[]): (labels: Labels) => boolean {
  switch (operator) {
    case 'In':
      return (labels) => key in labels && values.includes(labels[key] ?? '');
    case 'NotIn':
      return (labels) => !(key in labels) || !values.includes(labels[key] ?? '');
    case 'Exists':
      return (labels) => key in labels;
    case 'DoesNotExist':
      return (labels) => !(key in labels);
    default:
      throw new ApiStatusError('BadRequest', `"${operator}" is not a valid label selector operator`);
  }
}

const everywhere = ['metadata.name', 'metadata.namespace'];
/** Fields by kind that the API server can select by (core/v1 conversion and its like). */
const selectable: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Node: ['spec.unschedulable'],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
  ReplicaSet: ['status.replicas'],
  ReplicationController: ['status.replicas'],
  Job: ['status.successful'],
};

/** `fieldSelector` of a request. @throws ApiStatusError 400 for a field that this kind cannot be selected by */
export function fieldSelector(text: string, kind: string): Matches {
  if (text.trim() === '') return matchesAll;
  const known = [...everywhere, ...(selectable[kind] ?? [])];
  const tests = text.split(',').map((term) => {
    const parts = /^([^=!]+)(==|=|!=)(.*)$/.exec(term.trim());
    const [, field = '', operator, value = ''] = parts ?? [];
    if (!parts) throw new ApiStatusError('BadRequest', `invalid field selector: ${term}`);
    if (!known.includes(field)) throw new ApiStatusError('BadRequest', `field label not supported: ${field}`);
    const path = field.split('.');
    return (object: KubeObject): boolean => {
      const found = valueAt(object, ...path);
      const isSame = plainText(found) === value;
      return operator === '!=' ? !isSame : isSame;
    };
  });
  return (object) => tests.every((holds) => holds(object));
}
