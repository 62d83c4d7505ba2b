import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { labelPairs } from '../clusters/cluster-groups.ts';
import { useClusters } from '../clusters/use-clusters.ts';
import type { EvacuationSearch } from './evacuation-search.ts';

/** Labels that are offered: where clusters stand. */
const PLACES = ['region', 'environment', 'zone'] as const;

/** The choice of what is thought away: a cluster, or all with a label. */
export function ClusterChoice({ search }: { readonly search: EvacuationSearch }): ReactNode {
  const navigate = useNavigate({ from: '/fleet/evacuation' });
  const clusters = useClusters().data?.items ?? [];
  const names = clusters.map(({ name }) => name).toSorted();
  const pairs = [...new Set(clusters.flatMap(labelPairs))].toSorted();
  const value =
    search.cluster === undefined
      ? search.label === undefined
        ? ''
        : `label:${search.label}`
      : `cluster:${search.cluster}`;
  const choose = (chosen: string): void => {
    const [kind, ...rest] = chosen.split(':');
    const said = rest.join(':');
    void navigate({ search: kind === 'label' ? { label: said } : { cluster: said }, resetScroll: false });
  };
  return (
    <div className="panel-bar">
      <label className="evacuation-choice">
        If this vanished
        <select className="select" value={value} onChange={(event) => choose(event.target.value)}>
          <option value="" disabled>
            Cluster or region…
          </option>
          {value !== '' && !names.includes(search.cluster ?? '') && !pairs.includes(search.label ?? '') && (
            <option value={value}>{search.label ?? search.cluster}</option>
          )}
          {PLACES.map((place) => {
            const own = pairs.filter((pair) => pair.startsWith(`${place}=`));
            return (
              own.length > 0 && (
                <optgroup key={place} label={place}>
                  {own.map((pair) => (
                    <option key={pair} value={`label:${pair}`}>
                      {pair.slice(place.length + 1)}
                    </option>
                  ))}
                </optgroup>
              )
            );
          })}
          <optgroup label="Clusters">
            {names.map((name) => (
              <option key={name} value={`cluster:${name}`}>
                {name}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
    </div>
  );
}
