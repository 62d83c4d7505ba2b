import type { UnclaimedPage, UnclaimedWorkload } from '../../api/unclaimed.ts';

/** A workload that no entity claims, in all clusters that were looked at, with what a proposal is made of. */
export interface UnclaimedRow extends Readonly<Omit<UnclaimedWorkload, 'proposal'>> {
  /** Lines `key=value` of labels that it has in all its clusters; and of annotations. */
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  /** Lines `key=value` of the labels and annotations of its namespace. */
  readonly namespaceSays: readonly string[];
  /** Labels that nothing else in its namespace has all of; absent: none of its labels tell it apart. */
  readonly selector?: readonly string[] | undefined;
  /** Whether nothing else runs in its namespace. */
  readonly isAlone: boolean;
  readonly hosts: readonly string[];
  /** Whether a Service leads to it. */
  readonly isServed: boolean;
  /** Entities that run in its namespace, each with its owner and system; the first hundred. */
  readonly neighbours: readonly Neighbour[];
}

/** An entity that runs in the same namespace. */
export interface Neighbour {
  readonly ref: string;
  readonly owner?: string | undefined;
  readonly system?: string | undefined;
}

/** What the fleet's thread answers of workloads that no entity claims. */
export interface UnclaimedAnswer extends Omit<UnclaimedPage, 'items'> {
  readonly items: readonly UnclaimedRow[];
}
