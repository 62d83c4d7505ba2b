import type { ReactNode } from 'react';
import type { FleetKind } from '../../../src/api/fleet.ts';
import { Age } from '../../ui/age.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AsOf, StateMark } from './cluster-state.tsx';

const RANK: Readonly<Record<FleetKind['state'], number>> = { unreachable: 0, denied: 1, stale: 2, ok: 3, absent: 4 };

/** How each kind of a cluster is read, the worst first; kinds that it does not have are named at the end. */
export function ClusterKinds({ kinds }: { readonly kinds: readonly FleetKind[] }): ReactNode {
  const there = kinds
    .filter(({ state }) => state !== 'absent')
    .toSorted((left, right) => RANK[left.state] - RANK[right.state]);
  const absent = kinds.filter(({ state }) => state === 'absent').map(({ kind }) => kind);
  return (
    <Panel title="Kinds" aside={`${there.length}`}>
      {there.length === 0 && <p className="panel-empty">It is not known yet what the cluster has.</p>}
      {there.length > 0 && (
        <div className="table-frame">
          <table className="table table-stack cluster-kinds">
            <caption className="visually-hidden">Kinds of the cluster</caption>
            <thead>
              <tr>
                <th scope="col">Kind</th>
                <th scope="col">State</th>
                <th scope="col" className="col-number">
                  Objects
                </th>
                <th scope="col">As of</th>
              </tr>
            </thead>
            <tbody>
              {there.map((kind) => (
                <KindRow key={kind.kind} kind={kind} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {absent.length > 0 && <p className="panel-foot">The cluster does not have {absent.join(', ')}.</p>}
    </Panel>
  );
}

function KindRow({ kind }: { readonly kind: FleetKind }): ReactNode {
  const { reason } = kind;
  return (
    <tr>
      <th scope="row">
        {kind.kind}
        {kind.state !== 'ok' && reason !== undefined && <span className="cluster-kind-why">{reason.message}</span>}
      </th>
      <td>
        <StateMark state={kind.state} />
        {kind.state !== 'ok' && (
          <span className="cluster-since">
            {' '}
            for <Age at={Date.parse(kind.since)} />
          </span>
        )}
      </td>
      <td className="col-number" data-label="Objects">
        {kind.asOf === undefined ? <span className="faint">–</span> : kind.objects.toLocaleString()}
      </td>
      <td data-label="As of">
        <AsOf of={kind} />
      </td>
    </tr>
  );
}
