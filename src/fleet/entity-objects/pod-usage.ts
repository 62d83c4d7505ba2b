import { list, text, tree, type Tree } from '../reduce/json-read.ts';
import { quantity } from '../reduce/quantity.ts';

/** An amount; `isBig` where it was written in whole multiples (`128Mi`) and is shown as a text. */
interface Amount {
  readonly value: number;
  readonly isBig: boolean;
}

/** What is used and what was asked for, in processors or bytes. */
interface Usage {
  readonly currentUsage: number | string;
  readonly requestTotal: number | string;
  readonly limitTotal: number | string;
}

/** A pod with what it uses, in the shape of Backstage's clients. */
export interface PodUsage {
  readonly pod: Tree;
  readonly cpu: Usage;
  readonly memory: Usage;
  readonly containers: readonly { readonly container: string; readonly cpuUsage: Usage; readonly memoryUsage: Usage }[];
}

/** Amounts above it are none: sums of them stay numbers. */
const LARGEST = 1e24;

const nothing: Amount = { value: 0, isBig: false };

/**
 * What pods use beside what they asked for. A pod without metrics uses nothing that is known, and is told of all the same.
 *
 * @param metrics items of `metrics.k8s.io`
 */
export function podUsages(pods: readonly Tree[], metrics: readonly Tree[]): readonly PodUsage[] {
  const byPod = new Map(metrics.map((item) => [keyOf(item), item]));
  return pods.map((pod) => podUsage(pod, byPod.get(keyOf(pod))));
}

function podUsage(pod: Tree, metric: Tree | undefined): PodUsage {
  const measured = new Map(list(metric?.['containers']).map((each) => [tree(each)['name'], tree(tree(each)['usage'])]));
  const containers = list(tree(pod['spec'])['containers']).map((each) => {
    const container = tree(each);
    const used = measured.get(container['name']);
    return {
      name: text(container['name']) ?? '',
      isMeasured: used !== undefined,
      cpu: amountsOf(container, 'cpu', used),
      memory: amountsOf(container, 'memory', used),
    };
  });
  return {
    pod,
    cpu: usageOf(containers.map(({ cpu }) => cpu)),
    memory: usageOf(containers.map(({ memory }) => memory)),
    containers: containers
      .filter(({ isMeasured }) => isMeasured)
      .map(({ name, cpu, memory }) => ({ container: name, cpuUsage: usageOf([cpu]), memoryUsage: usageOf([memory]) })),
  };
}

interface Amounts {
  readonly current: Amount;
  readonly request: Amount;
  readonly limit: Amount;
}

function amountsOf(container: Tree, resource: 'cpu' | 'memory', used: Tree | undefined): Amounts {
  const { requests, limits } = tree(container['resources']);
  return {
    current: amount(used?.[resource]),
    request: amount(tree(requests)[resource]),
    limit: amount(tree(limits)[resource]),
  };
}

function usageOf(parts: readonly Amounts[]): Usage {
  return {
    currentUsage: shown(sum(parts.map(({ current }) => current))),
    requestTotal: shown(sum(parts.map(({ request }) => request))),
    limitTotal: shown(sum(parts.map(({ limit }) => limit))),
  };
}

function amount(written: unknown): Amount {
  const value = quantity(written);
  // No machine has so much: it would only spoil the sums.
  if (value === undefined || Math.abs(value) > LARGEST) return nothing;
  return { value, isBig: typeof written === 'string' && /[kMGTPEi]$/.test(written.trim()) };
}

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce(
    (total, each) => ({ value: total.value + each.value, isBig: total.isBig || each.isBig }),
    nothing,
  );
}

function shown({ value, isBig }: Amount): number | string {
  return isBig ? BigInt(Math.round(value)).toString() : value;
}

function keyOf(item: Tree): string {
  const { namespace, name } = tree(item['metadata']);
  return JSON.stringify([namespace, name]);
}
