import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { relationWords } from '../../../src/model/graph-text.ts';
import { parseList } from '../../url/search-codec.ts';
import { lineStyle } from './graph-lines.tsx';
import { toggleRelation, type GraphSearch } from './graph-search.ts';

/** What the lines mean, which of them show, and how many do not. */
export function Legend({
  search,
  relations,
}: {
  readonly search: GraphSearch;
  readonly relations: readonly {
    readonly type: string;
    readonly reverse: string;
    readonly shown?: number;
    readonly hidden?: number;
  }[];
}): ReactNode {
  const navigate = useNavigate({ from: '/graph' });
  const chosen = parseList(search.rel);
  const types = relations.map(({ type }) => type);
  if (relations.length === 0) return null;
  return (
    <fieldset className="graph-legend">
      <legend>Relations</legend>
      {relations.map(({ type, reverse, shown, hidden = 0 }) => (
        <label key={type} className="check" title={`the other way: ${relationWords(reverse)}`}>
          <input
            type="checkbox"
            checked={chosen.length === 0 || chosen.includes(type)}
            onChange={() =>
              void navigate({ search: (now: GraphSearch) => toggleRelation(now, type, types), resetScroll: false })
            }
          />
          <svg className={`graph-sample ${lineStyle(type)}`} viewBox="0 0 26 8" aria-hidden="true">
            <path className="graph-line-stroke" d="M0 4h26" />
          </svg>
          <span>{relationWords(type)}</span>
          {shown !== undefined && (
            <span className="graph-legend-count">
              {shown.toLocaleString()}
              {hidden > 0 && <span className="faint"> · {hidden.toLocaleString()} hidden</span>}
            </span>
          )}
        </label>
      ))}
    </fieldset>
  );
}
