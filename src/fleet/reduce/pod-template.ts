import { hash64 } from '../../base/digest.ts';
import { list, lines, text, tree, type Tree } from './json-read.ts';

const LARGEST_TEMPLATE = 65_536;

/** Variables by which runtimes are told how much memory and how many processors to use; values of others may be secrets. */
const runtimeVariables: ReadonlySet<string> = new Set([
  'GOGC',
  'GOMAXPROCS',
  'GOMEMLIMIT',
  'JAVA_OPTS',
  'JAVA_TOOL_OPTIONS',
  'JDK_JAVA_OPTIONS',
  'NODE_OPTIONS',
  '_JAVA_OPTIONS',
]);

const secretFlag = /^(-{1,2}[\w.-]*(?:pass|secret|token|key|credential)[\w.-]*)(=.*)?$/i;
const HIDDEN = '(hidden)';
/** Flags whose value is a configuration as a whole, which may hold keys. */
const configFlag = /^(--config-yaml)(?:=([^]*))?$/;
const heapSetting = /max_?heap_?size_?bytes["']?\s*:\s*["']?\d{1,18}/i;

/** What Kubernetes fills in where nothing is written: it tells nothing. */
const defaults: Readonly<Record<string, unknown>> = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};

/** Annotations that differ each time that somebody restarts a rollout. */
const passing: ReadonlySet<string> = new Set(['kubectl.kubernetes.io/restartedAt']);

/**
 * A pod template as JSON for the checks that need specs: without defaults, without what only differs by time, and without
 * values that may be secrets (of variables that are not a runtime's, and of flags that are named like secrets).
 * @returns absent where there is none, or it is larger than 64 KiB
 */
export function templateCell(template: unknown): string | undefined {
  const { metadata, spec } = tree(template);
  if (spec === undefined) return undefined;
  const kept = JSON.stringify({ metadata: trimMetadata(tree(metadata)), spec: trimSpec(tree(spec)) });
  return kept.length > LARGEST_TEMPLATE ? undefined : kept;
}

/** Images of the containers of a pod spec, those that run before them last, a line each. */
export function imagesCell(spec: Tree): string | undefined {
  const imagesOf = (containers: unknown): (string | undefined)[] => {
    const found = list(containers);
    return found.length === 1
      ? [text(tree(found[0])['image'])]
      : found.map((container) => text(tree(container)['image']));
  };
  const main = imagesOf(spec['containers']);
  return lines(spec['initContainers'] === undefined ? main : [...main, ...imagesOf(spec['initContainers'])]);
}

function trimMetadata({ labels, annotations }: Tree): Tree {
  const kept = Object.entries(tree(annotations)).filter(([key]) => !passing.has(key));
  return { labels, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) };
}

function trimSpec(spec: Tree): Tree {
  const trimmed: Record<string, unknown> = withoutDefaults(spec);
  for (const field of ['containers', 'initContainers'] as const) {
    if (spec[field] !== undefined)
      trimmed[field] = list(spec[field]).map((container) => trimContainer(tree(container)));
  }
  return trimmed;
}

function trimContainer(container: Tree): Tree {
  return withoutDefaults(withoutValues(container));
}

/** A container without values that may be secrets: of variables that are not a runtime's, and of flags named like secrets. */
export function withoutValues(container: Tree): Tree {
  const { env, command, args } = container;
  return {
    ...container,
    ...(env !== undefined && { env: list(env).map((each) => trimVariable(tree(each))) }),
    ...(command !== undefined && { command: hideSecrets(list(command)) }),
    ...(args !== undefined && { args: hideSecrets(list(args)) }),
  };
}

function trimVariable({ name, value, valueFrom }: Tree): Tree {
  if (valueFrom !== undefined) return { name, valueFrom };
  const options = text(value);
  if (options === undefined) return { name, value };
  const isKept = runtimeVariables.has(text(name) ?? '');
  return { name, value: isKept ? hideSecrets(options.split(' ')).join(' ') : HIDDEN };
}

/** A configuration without what it says: a digest by which its changes show, and its memory setting. */
function trimConfig(config: string): string {
  const { high, low } = hash64(config);
  const heap = heapSetting.exec(config)?.[0];
  return [HIDDEN, `${high.toString(36)}${low.toString(36)}`, heap].filter((part) => part !== undefined).join(' ');
}

/** Hides the value of a flag that is named like a secret, or is a whole configuration, whether it stands behind `=` or follows. */
function hideSecrets(words: readonly unknown[]): unknown[] {
  let isValue = false;
  let isConfig = false;
  return words.map((word) => {
    const wasFlag = isValue;
    const wasConfig = isConfig;
    const config = configFlag.exec(text(word) ?? '');
    isConfig = config !== null && config[2] === undefined;
    if (wasConfig) return trimConfig(text(word) ?? '');
    if (config?.[2] !== undefined) return `${config[1]}=${trimConfig(config[2])}`;
    const found = secretFlag.exec(text(word) ?? '');
    isValue = found !== null && found[2] === undefined;
    if (found !== null) return found[2] === undefined ? word : `${found[1]}=${HIDDEN}`;
    return wasFlag ? HIDDEN : word;
  });
}

function withoutDefaults(object: Tree): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const key in object) {
    const value = object[key];
    const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    if (value !== defaults[key] && !isEmpty) kept[key] = value;
  }
  return kept;
}
