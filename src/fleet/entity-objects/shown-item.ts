import { withoutValues } from '../reduce/pod-template.ts';
import { list, tree, type Tree } from '../reduce/json-read.ts';

const MASK = '***';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A Secret without what it keeps, also not in the annotation in which kubectl repeats it. */
export function maskedSecret(item: Tree): Tree {
  const { data, stringData } = item;
  return {
    ...withoutLastApplied(item),
    ...(typeof data === 'object' && data !== null && { data: masked(tree(data)) }),
    ...(typeof stringData === 'object' && stringData !== null && { stringData: masked(tree(stringData)) }),
  };
}

/** An object of any kind without values of its containers that may be secrets. */
export function withoutContainerValues(item: Tree): Tree {
  const spec = tree(item['spec']);
  return { ...withoutLastApplied(item), ...(item['spec'] !== undefined && { spec: cleanSpec(spec) }) };
}

/** Pods, what has a pod template, and what has a template of such: CronJobs. */
function cleanSpec(spec: Tree): Tree {
  const cleaned: Record<string, unknown> = { ...spec };
  for (const field of ['containers', 'initContainers', 'ephemeralContainers'] as const) {
    if (Array.isArray(spec[field])) cleaned[field] = list(spec[field]).map((each) => withoutValues(tree(each)));
  }
  for (const field of ['template', 'jobTemplate'] as const) {
    const template = tree(spec[field]);
    if (template['spec'] !== undefined) cleaned[field] = { ...template, spec: cleanSpec(tree(template['spec'])) };
  }
  return cleaned;
}

function withoutLastApplied(item: Tree): Tree {
  const metadata = tree(item['metadata']);
  const annotations = tree(metadata['annotations']);
  if (!Object.hasOwn(annotations, LAST_APPLIED)) return item;
  const { [LAST_APPLIED]: _repeated, ...kept } = annotations;
  return { ...item, metadata: { ...metadata, annotations: kept } };
}

function masked(values: Tree): Tree {
  return Object.fromEntries(Object.keys(values).map((key) => [key, MASK]));
}
