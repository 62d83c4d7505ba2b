import { bytesText } from '../base/bytes-text.ts';
import type { Evacuation, ReducedEntity } from './evacuation.ts';

/**
 * What would be lost, in one sentence.
 *
 * @example 'If eu-3 vanished now: 4 entities lost, 12 with less than half of their replicas, 2.1 TiB of claims.'
 */
export function evacuationSentence(
  { clusters, counts }: Pick<Evacuation, 'clusters' | 'counts'>,
  what?: string,
): string {
  const [first] = clusters;
  const names = clusters.length === 1 && first ? first.name : (what ?? counted(clusters.length, 'cluster', 'clusters'));
  const parts = [
    counts.lost > 0 && `${counted(counts.lost, 'entity', 'entities')} lost`,
    counts.displaced > 0 && `${counts.displaced.toLocaleString('en')} left in other environments only`,
    counts.halved > 0 && `${counts.halved.toLocaleString('en')} with less than half of their replicas`,
    counts.unknown > 0 && `${counts.unknown.toLocaleString('en')} that nobody can tell of`,
    counts.unclaimed > 0 && `${counted(counts.unclaimed, 'unclaimed workload', 'unclaimed workloads')} lost`,
    counts.claims > 0 && `${bytesText(counts.claimBytes)} of claims`,
  ].filter((part) => part !== false);
  return `If ${names} vanished now: ${parts.length === 0 ? 'nothing that is known of would be lost' : parts.join(', ')}.`;
}

/** Whether what is left of an entity would take over, with the numbers. */
export function carryingText({
  carries,
  readyBefore,
  readyAfter,
  readyUnread,
  headroom,
}: Pick<ReducedEntity, 'carries' | 'readyBefore' | 'readyAfter' | 'readyUnread' | 'headroom'>): string {
  const lost = readyBefore - readyAfter - readyUnread;
  switch (carries) {
    case 'yes':
      return 'nothing that was ready is lost';
    case 'with-scaling':
      return `autoscalers may add ${headroom}, ${lost} are lost`;
    case 'no':
      return headroom === 0 ? `nothing adds the ${lost} lost` : `autoscalers may add ${headroom} of ${lost} lost`;
    case 'unknown':
      return `${readyUnread} more where nothing can be read`;
    case 'uncounted':
      return 'no replicas to count';
  }
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
