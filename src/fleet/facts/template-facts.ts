import { list, text, tree, type Tree } from '../reduce/json-read.ts';
import { quantity } from '../reduce/quantity.ts';

/** Processors in cores and memory in bytes; absent: nobody says how much, of a container at least. */
export interface Amounts {
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
}

/** What a pod template says of the pods that are made of it. */
export interface TemplateFacts {
  readonly labels: Readonly<Record<string, string>>;
  /** Of one pod: the sum of what its containers say. */
  readonly requests: Amounts;
  /** Of one pod; absent where a container has no such limit. */
  readonly limits: Amounts;
  /** Whether every container that serves is asked whether it is ready, and whether it lives. */
  readonly hasReadiness: boolean;
  readonly hasLiveness: boolean;
  readonly isPrivileged: boolean;
  readonly isHostNetwork: boolean;
  readonly isHostPid: boolean;
  /** Whether a port or a probe says so. */
  readonly speaksGrpc: boolean;
}

/**
 * Reads a pod template as it is kept of workloads.
 *
 * @returns undefined: it is no JSON
 */
export function templateFacts(json: string): TemplateFacts | undefined {
  let template: Tree;
  try {
    template = tree(JSON.parse(json));
  } catch {
    return undefined;
  }
  const spec = tree(template['spec']);
  const main = list(spec['containers']).map(tree);
  const initial = list(spec['initContainers']).map(tree);
  // What is started first and goes on beside the others counts with them.
  const lasting = [...main, ...initial.filter(({ restartPolicy }) => restartPolicy === 'Always')];
  const serving = main.filter(({ ports }) => list(ports).length > 0);
  const asked = serving.length > 0 ? serving : main;
  return {
    labels: texts(tree(template['metadata'])['labels']),
    requests: sumOf(lasting, 'requests'),
    limits: sumOf(lasting, 'limits'),
    hasReadiness: asked.every(({ readinessProbe }) => readinessProbe !== undefined),
    hasLiveness: asked.every(({ livenessProbe }) => livenessProbe !== undefined),
    isPrivileged: [...main, ...initial].some(({ securityContext }) => tree(securityContext)['privileged'] === true),
    isHostNetwork: spec['hostNetwork'] === true,
    isHostPid: spec['hostPID'] === true,
    speaksGrpc: main.some(containerSpeaksGrpc),
  };
}

/** Whether the name of a port says that gRPC is spoken there: `grpc`, `grpc-admin`, but not `grpcweb`. */
export function isGrpcName(name: string): boolean {
  return /^grpc(-|$)/.test(name);
}

function containerSpeaksGrpc({ ports, readinessProbe, livenessProbe, startupProbe }: Tree): boolean {
  const isProbed = [readinessProbe, livenessProbe, startupProbe].some((probe) => tree(probe)['grpc'] !== undefined);
  return isProbed || list(ports).some((port) => isGrpcName(text(tree(port)['name']) ?? ''));
}

function sumOf(containers: readonly Tree[], what: 'requests' | 'limits'): Amounts {
  const said = containers.map(({ resources }) => tree(tree(resources)[what]));
  const sum = (resource: 'cpu' | 'memory'): number | undefined => {
    const amounts = said.map((each) => quantity(each[resource]));
    return amounts.length === 0 || amounts.includes(undefined)
      ? undefined
      : amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);
  };
  return { cpu: sum('cpu'), memory: sum('memory') };
}

function texts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tree(value)).flatMap(([key, each]) => (typeof each === 'string' ? [[key, each]] : [])),
  );
}
