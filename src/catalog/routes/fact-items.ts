import type { FactItem } from '../../api/entities.ts';
import { leaseKey } from '../../model/change.ts';
import type { Fact, Lease } from '../../model/fact.ts';
import { instant } from './instant.ts';

/**
 * Facts as the API shows them, each with its freshness.
 * @param now ms since the epoch
 */
export function factItems(facts: readonly Fact[], leases: readonly Lease[], now: number): FactItem[] {
  const leaseByKey = new Map(leases.map((lease) => [leaseKey(lease), lease]));
  return facts.map((fact) => factItem(fact, leaseByKey.get(leaseKey(fact)), now));
}

function factItem(fact: Fact, lease: Lease | undefined, now: number): FactItem {
  const { collector, path, value, error, source, observedAt } = fact;
  return {
    collector,
    path,
    value,
    source,
    observedAt: instant(observedAt),
    ageSeconds: Math.max(0, now - observedAt) / 1000,
    state: factState(fact, lease, now),
    ...(error !== undefined && { error }),
    ...(lease !== undefined && lease.lastSuccessAt > 0 && { checkedAt: instant(lease.lastSuccessAt) }),
    ...(lease !== undefined && { expiresAt: instant(lease.expiresAt) }),
  };
}

/** A fact in error has failed; one under no lease, or one that has run out, is stale. */
function factState(fact: Fact, lease: Lease | undefined, now: number): FactItem['state'] {
  if (fact.error !== undefined) return 'failed';
  return lease !== undefined && now < lease.expiresAt ? 'fresh' : 'stale';
}
