import { Link } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import type { UnclaimedWorkload } from '../../../src/api/unclaimed.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { HealthMark } from '../entity/running/health-mark.tsx';
import { type Edits, keyOf } from './choices.ts';
import type { UnownedSearch } from './unowned-search.ts';

/** Clusters that a row names; of more only the number is told. */
const NAMED = 2;

interface TableProps {
  readonly items: readonly UnclaimedWorkload[];
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
  readonly edits: Edits;
  readonly show: string | undefined;
}

/** One row for each workload, with who probably owns it. */
export function UnclaimedTable({ items, chosen, choose, edits, show }: TableProps): ReactNode {
  const keys = items.map(keyOf);
  const count = keys.filter((key) => chosen.has(key)).length;
  const chooseAll = (isChosen: boolean): void => {
    const others = [...chosen].filter((key) => !keys.includes(key));
    choose(new Set(isChosen ? [...others, ...keys] : others));
  };
  return (
    <div className="table-frame">
      <table className="table table-stack unowned-table">
        <caption className="visually-hidden">Workloads that no entity claims</caption>
        <thead>
          <tr>
            <th scope="col" className="unowned-check">
              <AllBox isAll={count === items.length} isSome={count > 0} chooseAll={chooseAll} />
            </th>
            <th scope="col">Workload</th>
            <th scope="col">Runs in</th>
            <th scope="col">Health</th>
            <th scope="col">Probably owned by</th>
            <th scope="col">Would be</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item, at) => {
            const key = keys[at] ?? '';
            return (
              <Row
                key={key}
                item={item}
                isShown={key === show}
                edit={edits[key]}
                isChosen={chosen.has(key)}
                choose={(isChosen) => {
                  const next = new Set(chosen);
                  if (isChosen) next.add(key);
                  else next.delete(key);
                  choose(next);
                }}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function AllBox({
  isAll,
  isSome,
  chooseAll,
}: {
  readonly isAll: boolean;
  readonly isSome: boolean;
  readonly chooseAll: (isChosen: boolean) => void;
}): ReactNode {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isSome && !isAll;
  }, [isAll, isSome]);
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label="Choose all on this page"
      checked={isAll}
      onChange={(event) => chooseAll(event.target.checked)}
    />
  );
}

function Row({
  item,
  edit,
  isChosen,
  isShown,
  choose,
}: {
  readonly item: UnclaimedWorkload;
  readonly edit: Edits[string] | undefined;
  readonly isChosen: boolean;
  readonly isShown: boolean;
  readonly choose: (isChosen: boolean) => void;
}): ReactNode {
  const { kind, namespace, name, health, reason, proposal } = item;
  const key = keyOf(item);
  return (
    <tr className={isShown ? 'is-shown' : undefined}>
      <td className="unowned-check">
        <input
          type="checkbox"
          aria-label={`Choose ${name}`}
          checked={isChosen}
          onChange={(event) => choose(event.target.checked)}
        />
      </td>
      <th scope="row">
        <Link
          from="/fleet/unowned"
          to="/fleet/unowned"
          search={(now: UnownedSearch) => ({ ...now, show: key })}
          className="unowned-name"
          aria-current={isShown ? 'true' : undefined}
          resetScroll={false}
        >
          {name}
        </Link>
        <span className="unowned-place">
          {kind}
          {namespace !== undefined && ` in ${namespace}`}
        </span>
      </th>
      <td data-label="Runs in">
        <Clusters item={item} />
      </td>
      <td data-label="Health">
        <HealthMark status={health} reason={reason} />
      </td>
      <td data-label="Probably owned by">
        <Owner item={item} said={edit?.owner} />
      </td>
      <td data-label="Would be">
        <code className="unowned-entity">{edit?.name || proposal.name}</code>
        <span className="unowned-place">{proposal.type}</span>
      </td>
    </tr>
  );
}

function Clusters({ item: { clusters, environments } }: { readonly item: UnclaimedWorkload }): ReactNode {
  const names = clusters.map(({ cluster }) => cluster);
  return (
    <>
      <span title={names.join(', ')}>{names.length <= NAMED ? names.join(', ') : `${names.length} clusters`}</span>
      {environments.length > 0 && <span className="unowned-place">{environments.join(', ')}</span>}
    </>
  );
}

function Owner({ item, said }: { readonly item: UnclaimedWorkload; readonly said: string | undefined }): ReactNode {
  const { owner } = item.proposal;
  if (said) {
    return (
      <>
        <code className="unowned-entity">{said}</code>
        <span className="unowned-place">as you say</span>
      </>
    );
  }
  if (owner === undefined) return <span className="faint">Nobody could be guessed</span>;
  return (
    <>
      <EntityLink entityRef={owner.ref} />{' '}
      <span className={`unowned-sure unowned-${owner.confidence}`}>{owner.confidence}</span>
      <span className="unowned-place">{owner.reason}</span>
    </>
  );
}
