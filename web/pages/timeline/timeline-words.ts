import type { TimelineItem } from '../../../src/api/timeline.ts';
import { ageText } from '../../../src/base/age-text.ts';
import type { MarkState } from '../../ui/mark.tsx';

/** The shape and colour of an entry; undefined: it is neither good nor bad. */
export function markOf({ kind, to }: Pick<TimelineItem, 'kind' | 'to'>): MarkState | undefined {
  if (kind === 'restarts' || kind === 'incident') return 'degraded';
  if (kind === 'health') return to === 'Healthy' ? 'healthy' : 'degraded';
  if (kind !== 'cluster') return undefined;
  if (to === 'ok') return 'healthy';
  if (to === 'unreachable') return 'degraded';
  return to === 'denied' ? 'denied' : to === 'stale' ? 'stale' : undefined;
}

/** What is said of an entry beside its title: how far it came, who did it, how exactly its time is known. */
export function detailsOf(item: TimelineItem): readonly string[] {
  const { data, until, at, since, actor } = item;
  const details: string[] = [];
  const [updated, desired] = [data['updated'], data['desired']];
  if (data['isRolling'] === true && typeof updated === 'number' && typeof desired === 'number') {
    details.push(`${updated} of ${desired} updated`);
  }
  if (data['isRolling'] === false && until !== undefined) details.push(`took ${took(at, until)}`);
  if (item.kind === 'restarts' && until !== undefined) details.push(`over ${took(at, until)}`);
  if (actor !== undefined) details.push(`by ${actor}`);
  if (since !== undefined) details.push(`since ${new Date(since).toLocaleTimeString()}, when it was last looked at`);
  if (data['isFrequent'] === true) details.push('changes so often that more of it is left out for a while');
  return details;
}

function took(from: string, to: string): string {
  return ageText(Date.parse(to) - Date.parse(from));
}
