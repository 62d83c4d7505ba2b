import type { ReactNode } from 'react';
import type { Cluster, FleetBehind, FleetKind } from '../../../src/api/fleet.ts';
import { Age } from '../../ui/age.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { conditionOf } from './cluster-condition.ts';
import { kindsBehind } from './cluster-groups.ts';

/** How a state of a cluster or kind is shown, and as which word. */
export const stateWords: Readonly<Record<FleetKind['state'], readonly [MarkState, string]>> = {
  ok: ['healthy', 'OK'],
  stale: ['stale', 'Stale'],
  denied: ['denied', 'Denied'],
  unreachable: ['unknown', 'Unreachable'],
  absent: ['unknown', 'Not there'],
};

/** The state of a cluster or kind as shape and word. */
export function StateMark({ state }: { readonly state: FleetKind['state'] }): ReactNode {
  const [mark, word] = stateWords[state];
  return <Mark state={mark}>{word}</Mark>;
}

/** The state of a cluster; one that is well as a whole says where it is not in part. */
export function ClusterMark({ cluster }: { readonly cluster: Cluster }): ReactNode {
  if (cluster.state !== 'ok') return <StateMark state={cluster.state} />;
  const condition = conditionOf(cluster);
  if (condition !== undefined) return <Mark state={condition.mark}>{condition.words}</Mark>;
  if (kindsBehind(cluster).length > 0) return <Mark state="warning">Partly read</Mark>;
  return <StateMark state="ok" />;
}

/** What is shown is as of when; for what is watched that is now. */
export function AsOf({ of }: { readonly of: Pick<FleetKind, 'state' | 'asOf'> }): ReactNode {
  if (of.state === 'ok') return <span className="faint">now</span>;
  if (of.asOf === undefined) return <span className="faint">never read</span>;
  return <Age at={Date.parse(of.asOf)} suffix=" ago" />;
}

/** What time what is shown is of, for what is not as of now. */
export function ShownAsOf({ of }: { readonly of: Pick<Cluster, 'asOf'> }): ReactNode {
  if (of.asOf === undefined) return 'never read';
  return (
    <>
      shown as of <Age at={Date.parse(of.asOf)} suffix=" ago" />
    </>
  );
}

/** Why a cluster is not as it should be, in a sentence; what is said of its kinds where it is well as a whole. */
export function reasonText(cluster: Cluster): string | undefined {
  if (cluster.state !== 'ok') return cluster.reason?.message ?? cluster.reason?.code;
  const behind = kindsBehind(cluster);
  const parts = [conditionOf(cluster)?.words, behind.length > 0 ? behindText(behind) : undefined];
  const said = parts.filter((part) => part !== undefined).join(', ');
  return said === '' ? cluster.warnings[0] : said;
}

/** The same beside its mark, which says already what is degraded: by which rule that is so severe. */
export function whyText(cluster: Cluster): string | undefined {
  const condition = conditionOf(cluster);
  if (condition === undefined) return reasonText(cluster);
  const behind = kindsBehind(cluster);
  return [condition.why, ...(behind.length > 0 ? [behindText(behind)] : [])].join(' ');
}

function behindText(behind: readonly FleetBehind[]): string {
  const [first, ...rest] = behind;
  if (first === undefined) return '';
  const word = stateWords[first.state][1].toLowerCase();
  if (rest.length === 0) return `${first.kind} ${word}`;
  const isSame = rest.every(({ state }) => state === first.state);
  return `${behind.length} kinds ${isSame ? word : 'not as of now'}`;
}
