import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Manifest } from '../../../../../src/api/acting.ts';
import { api, resources } from '../../../../data/session.ts';
import { useResource } from '../../../../data/use-resource.ts';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { DescriptorCode } from '../../descriptor-code.tsx';
import type { PaneProps } from '../chosen-cell.ts';
import { usePods } from '../use-running.ts';
import { PaneFailure } from './pane-failure.tsx';
import { yamlParts } from './yaml-parts.ts';

/** The workload, or one of its pods, as its cluster has it now, read as who looks. */
export function ManifestPane({ workload, cell }: PaneProps): ReactNode {
  const [pod, setPod] = useState('');
  const pods = usePods(workload, cell).data?.items ?? [];
  const { cluster } = cell;
  const object = pod === '' ? { kind: workload.kind, name: workload.name } : { kind: 'Pod', name: pod };
  const params = { cluster, namespace: workload.namespace ?? '_', ...object };
  const key = `manifest ${JSON.stringify(params)}`;
  const { data, failure, isPrevious } = useResource<Manifest>({
    key,
    load: (signal) =>
      api.call('GET /api/v1/fleet/clusters/:cluster/objects/:kind/:namespace/:name', { params, signal }),
    isAffected: () => false,
  });
  const shown = isPrevious ? undefined : data;
  return (
    <>
      <div className="pane-bar">
        <label className="labelled">
          Object{' '}
          <select className="select" value={pod} onChange={(event) => setPod(event.target.value)}>
            <option value="">
              {workload.kind} {workload.name}
            </option>
            {pods.map(({ name }) => (
              <option key={name} value={name}>
                Pod {name}
              </option>
            ))}
          </select>
        </label>
        <button type="button" className="button button-small" onClick={() => resources.repeat(key)}>
          Read again
        </button>
        {shown && <CopyButton text={shown.manifest} label="Copy the manifest" />}
        {shown && (
          <span className="pane-aside">
            read as <code>{shown.asUser}</code>
          </span>
        )}
      </div>
      {failure && <PaneFailure failure={failure} cluster={cluster} onRetry={() => resources.repeat(key)} />}
      {!shown && !failure && <Skeleton rows={10} label="Reading the object" />}
      {shown && !failure && <DescriptorCode lines={yamlParts(shown.manifest)} problems={[]} label="Manifest" />}
    </>
  );
}
