import type { TimelineWrite } from '../../store/timeline.ts';
import { SOURCE } from '../timeline/journal.ts';
import type { Incident } from './incident.ts';
import { titleOf } from './incident-words.ts';

/** An incident as an entry of the timeline; told again as it grows and when it ends, it takes the place of what was told. */
export function incidentEntry(incident: Incident): TimelineWrite {
  const { id, rule, severity, began, ended, seen, members, entities } = incident;
  const clusters = [...new Set(members.map(({ cluster }) => cluster))].sort();
  const [first] = members;
  const isOne = first !== undefined && members.every(({ key }) => key === first.key);
  return {
    op: 'add',
    entry: {
      id: `incident ${id}`,
      at: began * 1000,
      until: (ended ?? seen) * 1000,
      kind: 'incident',
      title: titleOf(incident),
      source: SOURCE,
      entityRef: entities[0],
      // What spans several clusters is told to those who see them all.
      cluster: clusters.length === 1 ? clusters[0] : undefined,
      namespace: isOne ? first.namespace : undefined,
      data: {
        incident: id,
        rule,
        severity,
        clusters,
        to: ended === undefined ? 'open' : 'ended',
        ...(isOne && first.kind !== 'Cluster' && { workload: { kind: first.kind, name: first.name } }),
      },
    },
  };
}
