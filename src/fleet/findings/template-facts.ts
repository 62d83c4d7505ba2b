import { list, text, tree, whole, type Tree } from '../reduce/json-read.ts';
import { quantity } from '../reduce/quantity.ts';
import type { Words } from '../words.ts';
import { isAboveLimit, runtimeMemory, type RuntimeMemory } from './runtime-memory.ts';

/** What Kubernetes waits where a probe does not say, seconds, and how often it may fail. */
const PROBE = { period: 10, failures: 3 };

/** What is known of a container from its pod template. */
export interface ContainerFacts {
  readonly name: string;
  /** Bytes; absent: it may take what the node has. */
  readonly memoryLimit: number | undefined;
  /** Seconds after which a readiness probe that fails is a fault, from the start; absent: it has none. */
  readonly readyWithin: number | undefined;
  /** Settings of runtimes that let it take more memory than its limit. */
  readonly aboveLimit: readonly RuntimeMemory[];
}

/** What is known of a pod template. */
export interface TemplateFacts {
  readonly containers: readonly ContainerFacts[];
  /** Claims of volumes that its pods use. */
  readonly claims: readonly string[];
}

const nothing: TemplateFacts = { containers: [], claims: [] };

/** Reads pod templates; many workloads share one, so each is read once as long as it is held. */
export class TemplateReader {
  readonly #words: Words;
  readonly #known = new Map<number, TemplateFacts>();

  constructor(words: Words) {
    this.#words = words;
    words.onForget((id) => void this.#known.delete(id));
  }

  /** @param word id of the word of a template; 0: nothing is known */
  of(word: number): TemplateFacts {
    if (word <= 0) return nothing;
    let facts = this.#known.get(word);
    if (facts === undefined) this.#known.set(word, (facts = templateFacts(this.#words.text(word))));
    return facts;
  }
}

/** What a pod template says of memory, probes and volumes. @param json of the column `template` */
export function templateFacts(json: string): TemplateFacts {
  const spec = tree(tree(JSON.parse(json))['spec']);
  const podLimit = quantity(tree(tree(spec['resources'])['limits'])['memory']);
  const claims = list(spec['volumes']).map((volume) => text(tree(tree(volume)['persistentVolumeClaim'])['claimName']));
  return {
    containers: list(spec['containers']).map((container) => containerFacts(tree(container), podLimit)),
    claims: claims.filter((claim) => claim !== undefined),
  };
}

function containerFacts(container: Tree, podLimit: number | undefined): ContainerFacts {
  const memoryLimit = quantity(tree(tree(container['resources'])['limits'])['memory']) ?? podLimit;
  const { readinessProbe } = container;
  const settings = memoryLimit === undefined ? [] : runtimeMemory(container, memoryLimit);
  return {
    name: text(container['name']) ?? '',
    memoryLimit,
    readyWithin: readinessProbe === undefined ? undefined : readySeconds(tree(readinessProbe)),
    aboveLimit: settings.filter((setting) => memoryLimit !== undefined && isAboveLimit(setting, memoryLimit)),
  };
}

function readySeconds(probe: Tree): number {
  const period = whole(probe['periodSeconds']) ?? PROBE.period;
  const failures = whole(probe['failureThreshold']) ?? PROBE.failures;
  return (whole(probe['initialDelaySeconds']) ?? 0) + period * failures;
}
