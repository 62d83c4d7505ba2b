import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { relationWords } from '../../../src/model/graph-text.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark } from '../../ui/mark.tsx';
import { withRoot, type GraphSearch } from './graph-search.ts';
import { problemWords, type Box, type Scene, type SceneEntity } from './scene.ts';

/** What can be done with the box at hand beside looking at it. */
export interface InspectorActions {
  readonly peek: (ref: string) => void;
  readonly togglePin: (ref: string) => void;
  /** What opening or closing it is called now; absent where neither can be done. */
  readonly openLabel: (box: Box) => string | undefined;
  readonly toggleOpen: (id: string) => void;
}

/** The box at hand: what it is, how it is tied to what is shown, what is not shown, and what can be done. */
export function Inspector({
  box,
  scene,
  reverseOf,
  actions,
}: {
  readonly box: Box;
  readonly scene: Scene;
  /** A relation's type as its target shows it. */
  readonly reverseOf: (type: string) => string;
  readonly actions: InspectorActions;
}): ReactNode {
  const { entity, group, id, title, sub, isPinned } = box;
  const openLabel = actions.openLabel(box);
  const problems = entity ? problemWords(entity) : undefined;
  return (
    <section className="graph-inspector" aria-label={`At hand: ${title}`}>
      <h2>{entity ? <EntityLink entityRef={entity.ref} title={entity.title} exists={entity.exists} /> : title}</h2>
      <p className="faint">{sub}</p>
      {problems !== undefined && (
        <p>
          <Mark state={entity?.problems.errors ? 'degraded' : 'warning'}>{problems}</Mark>
        </p>
      )}
      <p className="button-row graph-inspector-actions">
        {entity && (
          <button type="button" className="button button-small" onClick={() => actions.peek(entity.ref)}>
            Look at it
          </button>
        )}
        {entity && !box.isRoot && (
          <Link
            from="/graph"
            to="/graph"
            search={(now: GraphSearch) => withRoot(now, entity.ref)}
            className="button button-small"
          >
            Make it the root
          </Link>
        )}
        {openLabel !== undefined && (
          <button type="button" className="button button-small" onClick={() => actions.toggleOpen(id)}>
            {openLabel}
          </button>
        )}
        {entity && !box.isRoot && (
          <button
            type="button"
            className="button button-small"
            aria-pressed={isPinned}
            onClick={() => actions.togglePin(entity.ref)}
          >
            {isPinned ? 'Unpin' : 'Pin'}
          </button>
        )}
      </p>
      <Ties box={box} scene={scene} reverseOf={reverseOf} />
      {entity && <Hidden entity={entity} reverseOf={reverseOf} />}
      {group?.of && <p className="faint">There are too many to show one by one.</p>}
    </section>
  );
}

const SHOWN_TIES = 6;

function Ties({
  box,
  scene,
  reverseOf,
}: {
  readonly box: Box;
  readonly scene: Scene;
  readonly reverseOf: (type: string) => string;
}): ReactNode {
  const titles = new Map(scene.boxes.map(({ id, title }) => [id, title]));
  const ties = scene.lines.flatMap(({ from, to, types }) => {
    if (from === box.id) return types.map(({ type }) => ({ words: relationWords(type), other: titles.get(to) ?? to }));
    if (to === box.id)
      return types.map(({ type }) => ({ words: relationWords(reverseOf(type)), other: titles.get(from) ?? from }));
    return [];
  });
  if (ties.length === 0) return null;
  return (
    <dl className="graph-ties">
      {[...Map.groupBy(ties, ({ words }) => words)].map(([words, others]) => (
        <div key={words}>
          <dt>{words}</dt>
          <dd>
            {others
              .slice(0, SHOWN_TIES)
              .map(({ other }) => other)
              .join(', ')}
            {others.length > SHOWN_TIES && ` and ${others.length - SHOWN_TIES} more`}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Which edges of an entity are not shown; all of them stand on its own page. */
function Hidden({
  entity,
  reverseOf,
}: {
  readonly entity: SceneEntity;
  readonly reverseOf: (type: string) => string;
}): ReactNode {
  const { hidden = [] } = entity;
  const parts = parseEntityRef(entity.ref);
  if (hidden.length === 0 || !parts) return null;
  const words = hidden.map(
    ({ type, side, count }) => `${relationWords(side === 'out' ? type : reverseOf(type))} ${count.toLocaleString()}`,
  );
  return (
    <p className="graph-hidden">
      Hidden: {words.join(', ')}.{' '}
      {entity.exists && (
        <Link to="/catalog/$kind/$namespace/$name" params={parts} search={{ view: 'relations' }} className="accent">
          All relations
        </Link>
      )}
    </p>
  );
}
