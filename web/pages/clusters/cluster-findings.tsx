import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Finding } from '../../../src/api/findings.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import { Age } from '../../ui/age.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { countText } from '../entity/count-text.ts';
import { joinInCluster, type ClusterTrouble } from './cluster-troubles.ts';
import { useClusterFindings } from './use-cluster-findings.ts';

/** Sorts of trouble that are told at once; the others open below them. */
const SHOWN = 5;
/** Places that are named of a trouble in many. */
const NAMED = 4;

const severities: Readonly<Record<Finding['severity'], readonly [MarkState, string]>> = {
  critical: ['degraded', 'Critical'],
  warning: ['warning', 'Warning'],
  notice: ['unknown', 'Notice'],
};

/** What is wrong in a cluster, the worst first: what fails in the same way is one. */
export function ClusterFindings({ name }: { readonly name: string }): ReactNode {
  const findings = useClusterFindings(name);
  const { data, failure } = findings;
  const troubles = data === undefined ? [] : joinInCluster(data.items);
  const others = troubles.slice(SHOWN);
  return (
    <Panel title="What is wrong" aside={data && data.total > 0 ? countText(data.total, 'finding') : undefined}>
      {failure && <FailureNotice failure={failure} onRetry={() => resources.repeat(findings.key)} />}
      {!data && findings.isLoading && <Skeleton rows={3} label="Looking for what is wrong" />}
      {data && troubles.length === 0 && (
        <p className="panel-empty">
          {data.incomplete.length === 0
            ? 'Nothing is found wrong with what runs in it.'
            : 'Nothing is found wrong in what could be read; that is not all of it.'}
        </p>
      )}
      {troubles.length > 0 && (
        <div className={findings.isPrevious || failure ? 'findings is-old' : 'findings'}>
          <Troubles troubles={troubles.slice(0, SHOWN)} />
          {others.length > 0 && (
            <details className="cluster-more">
              <summary>{countText(others.length, 'more sort')} of trouble</summary>
              <Troubles troubles={others} />
            </details>
          )}
        </div>
      )}
    </Panel>
  );
}

function Troubles({ troubles }: { readonly troubles: readonly ClusterTrouble[] }): ReactNode {
  return (
    <ol className="plain">
      {troubles.map((trouble) => (
        <li key={trouble.key}>
          <Trouble trouble={trouble} />
        </li>
      ))}
    </ol>
  );
}

function Trouble({ trouble: { finding, places } }: { readonly trouble: ClusterTrouble }): ReactNode {
  const { severity, reason, message, since, fix } = finding;
  const [mark, word] = severities[severity];
  const more = places.length - NAMED;
  return (
    <>
      <Mark state={mark}>{word}</Mark>
      <div className="finding">
        <p className="finding-words" title={message}>
          <strong>{reason}</strong>
          {places.length > 1 && ` in ${places.length.toLocaleString()} places, e.g.`}
          {message !== reason && ` ${message}`}
        </p>
        <p className="finding-fix">{fix}</p>
        <p className="finding-foot">
          {places.slice(0, NAMED).map((place) => (
            <Place key={`${place.kind} ${place.namespace} ${place.name}`} place={place} />
          ))}
          {more > 0 && <span>and {more.toLocaleString()} more</span>}
          {since !== undefined && (
            <span>
              for <Age at={Date.parse(since)} />
            </span>
          )}
        </p>
      </div>
    </>
  );
}

/** Where it is wrong; of what belongs to an entity, its pods are one click away. */
function Place({ place }: { readonly place: Finding }): ReactNode {
  const { kind, namespace, name, entity, cluster } = place;
  const words = (
    <>
      {kind} <code>{namespace === undefined ? name : `${namespace}/${name}`}</code>
    </>
  );
  const parts = entity === undefined ? undefined : parseEntityRef(entity);
  if (!parts) return <span>{words}</span>;
  return (
    <Link
      to="/catalog/$kind/$namespace/$name"
      params={parts}
      search={{ view: 'running', cluster, workload: `${kind}/${namespace ?? '_'}/${name}` }}
      className="cluster-place"
      title={`Where ${parts.name} runs in ${cluster}`}
    >
      {words}
    </Link>
  );
}
