import type { ReactNode } from 'react';
import { parseEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { useSummary } from '../../data/entity-summaries.ts';
import { api } from '../../data/session.ts';
import { useResource } from '../../data/use-resource.ts';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { Mark } from '../../ui/mark.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { countText } from './count-text.ts';
import { nameText } from './name-text.ts';
import { useRelationPage } from './use-entity.ts';

const SHOWN_MEMBERS = 5;

/** The card of an entity beside a link to it: what it is, whose, and whether something is wrong. Words only. */
export function EntityCard({ entityRef }: { readonly entityRef: string }): ReactNode {
  const parts = parseEntityRef(entityRef);
  const { data: entity, failure } = useSummary(entityRef);
  if (failure && !entity) return <p className="faint">{failure.title}</p>;
  if (entity === undefined || !parts) return <p className="faint">Loading {nameText(entityRef)} …</p>;
  if (entity === null) {
    return (
      <>
        <p className="hover-card-title">{nameText(entityRef)}</p>
        <p className="faint">The catalog has no such {parts.kind}, or you may not see it.</p>
      </>
    );
  }
  const row = readRow(entity);
  return (
    <>
      <p className="hover-card-title">
        <KindGlyph kind={entity.kind} />
        <strong>{row.title}</strong>
        <span className="faint">
          {entity.kind}
          {row.type !== undefined && ` · ${row.type}`}
        </span>
      </p>
      {row.isRenamed && <code className="faint">{parts.name}</code>}
      {row.description !== undefined && <p className="hover-card-text">{row.description}</p>}
      <dl className="hover-card-facts">
        <Line word="Owner" value={row.owner === undefined ? undefined : nameText(row.owner)} />
        <Line word="Part of" value={row.partOf === undefined ? undefined : nameText(row.partOf)} />
        <Line word="Lifecycle" value={row.lifecycle} />
        {row.kind === 'Group' && <Members parts={parts} />}
        <ProblemLine entityRef={entityRef} />
      </dl>
    </>
  );
}

function Line({ word, value }: { readonly word: string; readonly value: ReactNode }): ReactNode {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{word}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Members({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const { data } = useRelationPage(parts, 'hasMember', undefined, SHOWN_MEMBERS);
  if (!data) return null;
  const more = data.total - data.items.length;
  const names = data.items.map(({ targetRef }) => nameText(targetRef)).join(', ');
  return <Line word="Members" value={data.total === 0 ? 'none' : `${names}${more > 0 ? ` and ${more} more` : ''}`} />;
}

function ProblemLine({ entityRef }: { readonly entityRef: string }): ReactNode {
  const { data } = useResource({
    key: `problem count of ${entityRef}`,
    load: (signal, minRevision) =>
      api.call('GET /api/v1/problems', { query: { entity: entityRef, limit: 1, minRevision }, signal }),
    isAffected: (batch) => batch.sources,
  });
  if (!data) return null;
  const worst = data.items[0]?.severity;
  const state = worst === undefined ? 'healthy' : worst === 'error' ? 'degraded' : 'warning';
  return (
    <Line
      word="Descriptor"
      value={<Mark state={state}>{data.total === 0 ? 'No problem known' : countText(data.total, 'problem')}</Mark>}
    />
  );
}
