import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useRef } from 'react';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../src/model/ref.ts';
import { useHoverCard } from './hover-card.tsx';
import { KindGlyph } from './kind-glyph.tsx';

/** Fetched when a pointer first rests on a link. */
const EntityCard = lazy(async () => ({ default: (await import('../pages/entity/entity-card.tsx')).EntityCard }));

/**
 * A link to an entity by its canonical ref, with a card about it for a pointer or focus that rests on it. Shows the name,
 * with the namespace where it is not `default`, and the kind as a glyph unless `isPlain`. A ref that exists nowhere
 * (`exists` false) is shown, but leads to the page that says so.
 */
export function EntityLink({
  entityRef,
  title,
  near,
  isPlain = false,
  exists = true,
}: {
  readonly entityRef: string;
  readonly title?: string | undefined;
  /** Namespace of what it is shown with: the same one is not said again. */
  readonly near?: string | undefined;
  readonly isPlain?: boolean;
  readonly exists?: boolean;
}): ReactNode {
  const anchor = useRef<HTMLAnchorElement>(null);
  const hover = useHoverCard(anchor, () => (
    <Suspense fallback={<p className="faint">{entityRef}</p>}>
      <EntityCard entityRef={entityRef} />
    </Suspense>
  ));
  const parts = parseEntityRef(entityRef);
  if (!parts) return <span>{entityRef}</span>;
  const name =
    parts.namespace === 'default' || parts.namespace === near ? parts.name : `${parts.namespace}/${parts.name}`;
  return (
    <>
      <Link
        ref={anchor}
        to="/catalog/$kind/$namespace/$name"
        params={parts}
        className="entity-link"
        {...hover.handlers}
      >
        {!isPlain && <KindGlyph kind={parts.kind} />}
        <span className={exists ? 'entity-link-name' : 'entity-link-name is-missing'}>{title ?? name}</span>
        {!isPlain && <span className="visually-hidden">, {parts.kind}</span>}
      </Link>
      {hover.card}
    </>
  );
}
