import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { parseList } from '../../url/search-codec.ts';
import { toggleOpen, togglePin, type GraphSearch } from './graph-search.ts';

/** What was opened and pinned, each to be taken back: an opened group stands nowhere else any more. */
export function OpenedChips({ search }: { readonly search: GraphSearch }): ReactNode {
  const chips = [
    ...parseList(search.open).map((id) => ({ word: 'Opened', id, change: toggleOpen })),
    ...parseList(search.pin).map((id) => ({ word: 'Pinned', id, change: togglePin })),
  ];
  if (chips.length === 0) return null;
  return (
    <ul className="plain chips" aria-label="Opened and pinned">
      {chips.map(({ word, id, change }) => (
        <li key={`${word} ${id}`}>
          <Link
            from="/graph"
            to="/graph"
            search={(now: GraphSearch) => change(now, id)}
            className="chip"
            resetScroll={false}
            aria-label={`Take back: ${word.toLowerCase()} ${nameOf(id)}`}
          >
            <span>
              {word} <strong>{nameOf(id)}</strong>
            </span>
            <span aria-hidden="true">×</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The name in a ref, or in the id of a group: `owner=group:default/stage@in.partOf@system:default/house`. */
function nameOf(id: string): string {
  const [group = id] = id.split('@');
  const key = group.slice(group.indexOf('=') + 1);
  return parseEntityRef(key)?.name ?? (key === '' ? 'without an owner' : key);
}
