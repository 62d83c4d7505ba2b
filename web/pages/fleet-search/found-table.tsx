import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FoundObject } from '../../../src/api/fleet.ts';
import type { HealthStatus } from '../../../src/api/running.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { Age } from '../../ui/age.tsx';
import { HealthMark } from '../entity/running/health-mark.tsx';
import { healthMarks } from '../entity/running/running-words.ts';
import { markedParts } from './fleet-search.ts';

/** Identity of an object among what was found. */
export function keyOfFound({ cluster, kind, namespace, name }: FoundObject): string {
  return `${cluster} ${kind} ${namespace ?? ''} ${name}`;
}

/** The objects that a search found, the best first, with what was found in them marked. */
export function FoundTable({
  items,
  words,
}: {
  readonly items: readonly FoundObject[];
  readonly words: readonly string[];
}): ReactNode {
  const isElsewhere = items.some(({ matched }) => matched !== 'name');
  return (
    <div className="table-frame">
      <table className="table table-stack found-table">
        <caption className="visually-hidden">Objects that were found</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="found-kind">
              Kind
            </th>
            <th scope="col" className="found-cluster">
              Cluster
            </th>
            <th scope="col" className="found-state">
              State
            </th>
            {isElsewhere && <th scope="col">Found in</th>}
            <th scope="col" className="found-age">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <FoundRow key={keyOfFound(item)} item={item} words={words} isElsewhere={isElsewhere} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FoundRow({
  item,
  words,
  isElsewhere,
}: {
  readonly item: FoundObject;
  readonly words: readonly string[];
  /** Whether any row was found in more than its name. */
  readonly isElsewhere: boolean;
}): ReactNode {
  const { cluster, kind, namespace, name, matched, text, createdAt, asOf } = item;
  return (
    <tr className={asOf === undefined ? undefined : 'is-before'}>
      <th scope="row">
        <ObjectLink item={item}>
          <code>
            <Marked text={name} words={words} />
          </code>
        </ObjectLink>
        {namespace !== undefined && (
          <span className="found-namespace">
            <span className="visually-hidden">in namespace </span>
            <Marked text={namespace} words={words} />
          </span>
        )}
      </th>
      <td className="found-kind" data-label="Kind">
        {kind}
      </td>
      <td data-label="Cluster">
        <Link to="/clusters/$name" params={{ name: cluster }}>
          {cluster}
        </Link>
      </td>
      <td data-label="State">
        <State item={item} />
      </td>
      {isElsewhere && (
        <td className="found-in" title={text}>
          {matched !== 'name' && (
            <>
              <span className="faint">{matched}</span>{' '}
              <code>
                <Marked text={text} words={words} />
              </code>
            </>
          )}
        </td>
      )}
      <td className="found-age" data-label="Age">
        <Age at={Date.parse(createdAt)} />
      </td>
    </tr>
  );
}

/** To the workload on the page of its entity, where the catalog has one; else to its cluster. */
function ObjectLink({ item, children }: { readonly item: FoundObject; readonly children: ReactNode }): ReactNode {
  const { cluster, kind, namespace, name, entity } = item;
  const parts = entity === undefined ? undefined : parseEntityRef(entity);
  if (!parts) {
    return (
      <Link to="/clusters/$name" params={{ name: cluster }} className="found-name" data-row-link={keyOfFound(item)}>
        {children}
      </Link>
    );
  }
  const workload = `${kind}/${namespace ?? '_'}/${name}`;
  return (
    <Link
      to="/catalog/$kind/$namespace/$name"
      params={parts}
      search={{ view: 'running', cluster, workload }}
      className="found-name"
      title={entity}
      data-row-link={keyOfFound(item)}
    >
      {children}
    </Link>
  );
}

function State({ item: { fields, asOf } }: { readonly item: FoundObject }): ReactNode {
  const textAt = (key: string): string | undefined => {
    const value = fields[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const health = textAt('health');
  if (asOf !== undefined) {
    return (
      <>
        <HealthMark status="Unknown" />
        <span className="found-as-of">
          as of <Age at={Date.parse(asOf)} suffix=" ago" />
        </span>
      </>
    );
  }
  if (!isHealth(health)) return <span className="muted">{textAt('reason') ?? textAt('phase')}</span>;
  const reason = textAt('healthReason') ?? textAt('reason');
  return <HealthMark status={health} reason={health === 'Healthy' || reason === health ? undefined : reason} />;
}

function isHealth(word: string | undefined): word is HealthStatus {
  return word !== undefined && word in healthMarks;
}

function Marked({ text, words }: { readonly text: string; readonly words: readonly string[] }): ReactNode {
  return markedParts(text, words).map((part, at) =>
    // Parts of one text have no identity but their place.
    // oxlint-disable-next-line react/no-array-index-key
    part.isFound ? <mark key={at}>{part.text}</mark> : part.text,
  );
}
