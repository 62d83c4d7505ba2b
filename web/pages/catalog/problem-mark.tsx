import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import type { ListedEntity } from '../../../src/api/entity.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { api } from '../../data/session.ts';
import { useResource } from '../../data/use-resource.ts';
import { useHoverCard } from '../../ui/hover-card.tsx';
import { factOf } from './cell-value.tsx';

const SHOWN = 3;

/** How many problems a row's descriptor has, by shape, number and word; the first of them on focus or hover. */
export function ProblemMark({
  entity,
  entityRef,
}: {
  readonly entity: ListedEntity;
  readonly entityRef: string;
}): ReactNode {
  const errors = countOf(entity, 'facts.problems.errors');
  const warnings = countOf(entity, 'facts.problems.warnings');
  if (errors + warnings === 0) return null;
  return <Marked entityRef={entityRef} errors={errors} warnings={warnings} />;
}

function countOf(entity: ListedEntity, path: string): number {
  const value = factOf(entity, path)?.value;
  return typeof value === 'number' ? value : 0;
}

function Marked({
  entityRef,
  errors,
  warnings,
}: {
  readonly entityRef: string;
  readonly errors: number;
  readonly warnings: number;
}): ReactNode {
  const link = useRef<HTMLAnchorElement>(null);
  const { handlers, card } = useHoverCard(link, () => <FirstProblems entityRef={entityRef} />);
  const parts = parseEntityRef(entityRef);
  if (!parts) return null;
  const words = [countText(errors, 'error'), countText(warnings, 'warning')].filter((text) => text !== '').join(', ');
  return (
    <>
      <Link
        ref={link}
        to="/catalog/$kind/$namespace/$name"
        params={parts}
        search={{ view: 'problems' }}
        className={errors > 0 ? 'problem-mark mark mark-degraded' : 'problem-mark mark mark-warning'}
        {...handlers}
      >
        <span className="mark-shape" aria-hidden="true" />
        <span aria-hidden="true">{errors + warnings}</span>
        <span className="visually-hidden">{words}</span>
      </Link>
      {card}
    </>
  );
}

function countText(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function FirstProblems({ entityRef }: { readonly entityRef: string }): ReactNode {
  const { data, failure } = useResource({
    key: `problems of ${entityRef}`,
    load: (signal) => api.call('GET /api/v1/problems', { query: { entity: entityRef, limit: SHOWN }, signal }),
    isAffected: (batch) => batch.sources,
  });
  if (failure) return <p>{failure.title}</p>;
  if (!data) return <p>Loading the problems</p>;
  return (
    <ul className="plain problem-card">
      {data.items.map(({ id, severity, message, fix }) => (
        <li key={id}>
          <span className={severity === 'error' ? 'mark mark-degraded' : 'mark mark-warning'}>
            <span className="mark-shape" aria-hidden="true" />
            <span>{message}</span>
          </span>
          {fix !== undefined && <span className="problem-fix">{fix}</span>}
        </li>
      ))}
      {data.total > data.items.length && <li className="faint">and {data.total - data.items.length} more</li>}
    </ul>
  );
}
