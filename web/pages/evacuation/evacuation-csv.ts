import type { Evacuation, LostEntity } from '../../../src/api/evacuation.ts';
import { csvLine } from '../../../src/base/csv.ts';

const COLUMNS = [
  'fate',
  'what',
  'owner',
  'lifecycle',
  'cluster',
  'before',
  'after',
  'headroom',
  'carries',
  'left in',
  'bytes',
] as const;
type Line = Partial<Readonly<Record<(typeof COLUMNS)[number], string | number | undefined>>>;

/** What the page shows, as a CSV with a line for each item. */
export function evacuationCsv(answer: Evacuation): string {
  const lines = [...entityLines(answer), ...placeLines(answer)];
  return [COLUMNS, ...lines.map((line) => COLUMNS.map((column) => line[column]))].map(csvLine).join('');
}

function entityLines({ lost, displaced, unknown, reduced }: Evacuation): readonly Line[] {
  const face = ({ ref, owner, lifecycle, clusters, readyBefore }: LostEntity): Line => {
    return { what: ref, owner, lifecycle, cluster: clusters.join(' '), before: readyBefore, after: 0 };
  };
  const gone = (fate: string, items: Evacuation['lost']): readonly Line[] =>
    items.map((item) => ({ ...face(item), fate, 'left in': item.elsewhere.join(' ') }));
  const less = (fate: string, items: Evacuation['reduced']): readonly Line[] =>
    items.map((item) => {
      const { readyAfter: after, headroom, carries, stays } = item;
      return { ...face(item), fate, after, headroom, carries, 'left in': stays.join(' ') };
    });
  return [
    ...gone('lost', lost),
    ...gone('displaced', displaced),
    ...less('unknown', unknown),
    ...less('reduced', reduced),
  ];
}

function placeLines({ unclaimed, data, entryPoints }: Evacuation): readonly Line[] {
  const place = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join('/');
  return [
    ...unclaimed.map(({ kind, namespace, name, cluster, ready, stays }): Line => {
      return {
        fate: 'unclaimed',
        what: place(kind, namespace, name),
        cluster,
        before: ready,
        'left in': stays.join(' '),
      };
    }),
    ...data.map(({ namespace, name, cluster, capacity }): Line => {
      return { fate: 'claim', what: place(namespace, name), cluster, bytes: capacity };
    }),
    ...entryPoints.map(({ kind, namespace, name, cluster, hosts, addresses }): Line => {
      const what = [place(kind, namespace, name), ...hosts, ...addresses].join(' ');
      return { fate: 'way in', what, cluster };
    }),
  ];
}
