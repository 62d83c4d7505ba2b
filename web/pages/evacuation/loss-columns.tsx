import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { carryingText } from '../../../src/api/evacuation-text.ts';
import type {
  LostClaim,
  LostEntity,
  LostEntry,
  LostWorkload,
  ReducedEntity,
  SingleEntity,
} from '../../../src/api/evacuation.ts';
import { bytesText } from '../../../src/base/bytes-text.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import type { LossColumn } from './loss-table.tsx';

type Named = Pick<LostEntity, 'ref' | 'title' | 'owner' | 'lifecycle'>;

const nothing = <span className="faint">–</span>;

function entity<Item extends Named>(): readonly LossColumn<Item>[] {
  return [
    { head: 'Entity', cell: ({ ref, title }) => <EntityLink entityRef={ref} title={title} /> },
    { head: 'Owner', cell: ({ owner }) => (owner === undefined ? nothing : <EntityLink entityRef={owner} isPlain />) },
    { head: 'Lifecycle', cell: ({ lifecycle }) => lifecycle ?? nothing },
  ];
}

function Clusters({ names }: { readonly names: readonly string[] }): ReactNode {
  if (names.length === 0) return nothing;
  if (names.length > 3) return <span title={names.join(', ')}>{names.length} clusters</span>;
  return names.map((name, at) => (
    <span key={name}>
      {at > 0 && ', '}
      <Link to="/clusters/$name" params={{ name }} className="cluster-name">
        {name}
      </Link>
    </span>
  ));
}

function traits({ isSingleton, isStateful }: Pick<LostEntity, 'isSingleton' | 'isStateful'>): ReactNode {
  const said = [isSingleton && 'one replica', isStateful && 'stateful'].filter((part) => part !== false);
  return said.length === 0 ? nothing : said.join(', ');
}

/** Columns of entities that are lost, or go on in other environments only. */
export const lostColumns: readonly LossColumn<LostEntity>[] = [
  ...entity<LostEntity>(),
  { head: 'Environment', cell: ({ environment }) => environment ?? nothing },
  { head: 'Ready now', isNumber: true, cell: ({ readyBefore }) => readyBefore.toLocaleString() },
  { head: 'What it is', cell: traits },
  { head: 'Goes on in', cell: ({ elsewhere }) => (elsewhere.length === 0 ? 'nowhere' : elsewhere.join(', ')) },
];

const carrying: Readonly<Record<ReducedEntity['carries'], readonly [MarkState, string]>> = {
  yes: ['healthy', 'Yes'],
  'with-scaling': ['progressing', 'With scaling'],
  no: ['degraded', 'No'],
  unknown: ['unknown', 'Unknown'],
  uncounted: ['healthy', 'Runs elsewhere too'],
};

/** Columns of entities that go on with less. */
export const reducedColumns: readonly LossColumn<ReducedEntity>[] = [
  ...entity<ReducedEntity>(),
  {
    head: 'Ready after',
    isNumber: true,
    cell: ({ readyAfter, readyBefore }) => `${readyAfter.toLocaleString()} of ${readyBefore.toLocaleString()}`,
  },
  {
    head: 'Share',
    isNumber: true,
    cell: ({ share }) => (share === undefined ? nothing : `${Math.round(share * 100)} %`),
  },
  {
    head: 'Would the rest carry it',
    cell: (item) => (
      <span className="evacuation-carries">
        <Mark state={carrying[item.carries][0]}>{carrying[item.carries][1]}</Mark>
        <span className="faint">{carryingText(item)}</span>
      </span>
    ),
  },
  { head: 'Goes on in', cell: ({ stays }) => <Clusters names={stays} /> },
];

/** Columns of workloads of no entity. */
export const workloadColumns: readonly LossColumn<LostWorkload>[] = [
  {
    head: 'Workload',
    cell: ({ kind, namespace, name }) => <code>{[kind, namespace, name].filter(Boolean).join('/')}</code>,
  },
  { head: 'Cluster', cell: ({ cluster }) => <Clusters names={[cluster]} /> },
  { head: 'Ready now', isNumber: true, cell: ({ ready }) => ready?.toLocaleString() ?? nothing },
  { head: 'Goes on in', cell: ({ stays }) => (stays.length === 0 ? 'nowhere' : <Clusters names={stays} />) },
];

/** Columns of claims of storage. */
export const claimColumns: readonly LossColumn<LostClaim>[] = [
  { head: 'Claim', cell: ({ namespace, name }) => <code>{[namespace, name].filter(Boolean).join('/')}</code> },
  { head: 'Cluster', cell: ({ cluster }) => <Clusters names={[cluster]} /> },
  {
    head: 'Capacity',
    isNumber: true,
    cell: ({ capacity }) => (capacity === undefined ? nothing : bytesText(capacity)),
  },
  { head: 'Class', cell: (claim) => claim.class ?? nothing },
  {
    head: 'Of',
    cell: ({ entity: ref, workload }) => (ref === undefined ? (workload ?? nothing) : <EntityLink entityRef={ref} />),
  },
];

/** Columns of ways in. */
export const entryColumns: readonly LossColumn<LostEntry>[] = [
  {
    head: 'Way in',
    cell: ({ kind, namespace, name }) => <code>{[kind, namespace, name].filter(Boolean).join('/')}</code>,
  },
  { head: 'Cluster', cell: ({ cluster }) => <Clusters names={[cluster]} /> },
  { head: 'Hosts', cell: ({ hosts }) => (hosts.length === 0 ? nothing : hosts.join(', ')) },
  { head: 'Addresses', cell: ({ addresses }) => (addresses.length === 0 ? nothing : addresses.join(', ')) },
];

/** Columns of entities that one cluster or region carries alone. */
export const singleColumns: readonly LossColumn<SingleEntity>[] = [
  ...entity<SingleEntity>(),
  { head: 'Environment', cell: ({ environment }) => environment ?? nothing },
  {
    head: 'Carried by',
    cell: ({ only, region }) => (only === 'cluster' ? 'one cluster' : `one region, ${region ?? ''}`),
  },
  { head: 'Clusters', cell: ({ clusters }) => <Clusters names={clusters} /> },
  { head: 'Ready', isNumber: true, cell: ({ ready }) => ready.toLocaleString() },
];
