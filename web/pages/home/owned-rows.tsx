import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { VerdictItem } from '../../../src/api/running.ts';
import type { TimelinePage } from '../../../src/api/timeline.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import type { Answer } from '../../data/use-resource.ts';
import { Age } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { TroubleMark } from '../entity/trouble-mark.tsx';
import { DeployCell } from './deploy-cell.tsx';
import { HealthCells, HealthHeads } from './health-cells.tsx';
import type { Trouble } from '../entity/worst-first.ts';
import { IMAGE_AGE, type OwnedData } from './use-home.ts';

type Item = OwnedData['items'][number];

interface Column {
  readonly key: 'type' | 'lifecycle' | 'owner' | 'partOf';
  readonly title: string;
  readonly isRef?: boolean;
}

/** Columns of what an entity says of itself. */
const COLUMNS: readonly Column[] = [
  { key: 'type', title: 'Type' },
  { key: 'lifecycle', title: 'Lifecycle' },
  { key: 'owner', title: 'Owner', isRef: true },
  { key: 'partOf', title: 'Part of', isRef: true },
];

/** Entities with how they are: where all say nothing in a column, or one team owns all, the column is left out. */
export function OwnedRows({
  items,
  troubles,
  verdicts,
  deploys,
  label,
  hasOwner,
}: {
  readonly items: readonly Item[];
  readonly troubles: ReadonlyMap<string, Trouble>;
  /** How those do that run; where none does, nothing is said of it. */
  readonly verdicts: ReadonlyMap<string, VerdictItem>;
  /** What was deployed last of each of those. */
  readonly deploys: Answer<TimelinePage | undefined>;
  /** What the table is of. */
  readonly label: string;
  readonly hasOwner: boolean;
}): ReactNode {
  const columns = COLUMNS.filter(
    ({ key }) => (key !== 'owner' || hasOwner) && items.some((item) => item[key] !== undefined),
  );
  const hasProblems = items.some(({ ref }) => troubles.has(ref));
  const runs = items.some(({ ref }) => verdicts.has(ref));
  const classes = ['table', 'home-owned', hasOwner && 'has-owner', runs && 'has-health', !hasProblems && 'has-none'];
  return (
    <table className={classes.filter((name) => name !== false).join(' ')}>
      <caption className="visually-hidden">{label}</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          {runs && <HealthHeads />}
          {columns.map(({ key, title }) => (
            <th key={key} scope="col" className={`home-col-${key}`}>
              {title}
            </th>
          ))}
          <th scope="col" className="home-col-problems">
            Problems
          </th>
          <th scope="col" className="home-col-changed">
            Changed
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.ref}>
            <th scope="row">
              <Name item={item} />
            </th>
            {runs && (
              <>
                <HealthCells item={verdicts.get(item.ref)} ageDays={imageAge(item)} />
                <DeployCell entityRef={verdicts.get(item.ref)?.ref} deploys={deploys} />
              </>
            )}
            {columns.map((column) => (
              <td key={column.key} className={`home-col-${column.key}`}>
                <Cell column={column} value={item[column.key]} />
              </td>
            ))}
            <td className="home-col-problems">
              <TroubleMark trouble={troubles.get(item.ref)} />
            </td>
            <td className="home-col-changed">
              <Age at={Date.parse(item.changedAt)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Days since what runs was rolled out first, where that is known now. */
function imageAge({ facts }: Item): number | undefined {
  const fact = facts?.[IMAGE_AGE];
  return typeof fact?.value === 'number' && fact.unknown !== true ? fact.value : undefined;
}

function Cell({ column, value }: { readonly column: Column; readonly value: string | undefined }): ReactNode {
  if (value === undefined) return null;
  return column.isRef === true ? <EntityLink entityRef={value} isPlain /> : value;
}

function Name({ item: { ref, kind, title } }: { readonly item: Item }): ReactNode {
  const parts = parseEntityRef(ref);
  if (!parts) return title;
  return (
    <Link to="/catalog/$kind/$namespace/$name" params={parts} className="home-name" data-row-link={ref}>
      <KindGlyph kind={kind} />
      <span className="home-title">{title}</span>
      <span className="visually-hidden">, {kind}</span>
    </Link>
  );
}
