import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../src/model/ref.ts';
import { useSummaries } from '../data/entity-summaries.ts';
import { useStarred } from '../data/starred.ts';
import { KindGlyph } from '../ui/kind-glyph.tsx';

/** More of them would push the places out of sight; Home has all. */
const MOST_PINS = 8;

/** What is starred, the latest first, one click away on every page. */
export function Pinned({ isFolded }: { readonly isFolded: boolean }): ReactNode {
  const { refs } = useStarred();
  const pins = refs.slice(0, MOST_PINS);
  return pins.length === 0 ? null : <Pins refs={pins} isFolded={isFolded} />;
}

function Pins({ refs, isFolded }: { readonly refs: readonly string[]; readonly isFolded: boolean }): ReactNode {
  const id = useId();
  const { data } = useSummaries(refs);
  return (
    <>
      <h2 className="nav-title" id={id}>
        Starred
      </h2>
      <ul className="plain" aria-labelledby={id}>
        {refs.map((ref) => {
          const parts = parseEntityRef(ref);
          // What is gone, or may not be seen any more, is no place; Home says so.
          if (!parts || (data && !data.has(ref))) return null;
          const title = data?.get(ref)?.metadata.title ?? parts.name;
          return (
            <li key={ref}>
              <Link
                to="/catalog/$kind/$namespace/$name"
                params={parts}
                className="nav-link"
                title={isFolded ? title : undefined}
              >
                <KindGlyph kind={parts.kind} />
                <span className="nav-name">{title}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </>
  );
}
