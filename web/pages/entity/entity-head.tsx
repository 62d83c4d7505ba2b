import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { readRow } from '../catalog/row-fields.ts';

/** Name, kind and type, lifecycle, owner: the line that is read first. */
export function EntityHead({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const row = readRow(entity);
  const partOf = row.partOf === undefined ? undefined : parseEntityRef(row.partOf);
  return (
    <PageHead
      above={
        <nav aria-label="Breadcrumb" className="crumbs">
          <Link to="/catalog">Catalog</Link>
          {row.partOf !== undefined && partOf && (
            <>
              <span aria-hidden="true">›</span>
              <EntityLink entityRef={row.partOf} isPlain />
            </>
          )}
        </nav>
      }
      title={
        <>
          <KindGlyph kind={entity.kind} />
          {row.title}
        </>
      }
      sub={<EntitySub entity={entity} />}
    />
  );
}

/** Kind and type, lifecycle, owner, ref: what stands below the name. */
export function EntitySub({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const row = readRow(entity);
  const owners = entity.relations.filter(({ type }) => type === 'ownedBy');
  return (
    <>
      <span>
        {entity.kind}
        {row.type !== undefined && ` · ${row.type}`}
      </span>
      {row.lifecycle !== undefined && <span>{row.lifecycle}</span>}
      {owners.length > 0 ? (
        <span>
          owned by{' '}
          {owners.map(({ targetRef }, at) => (
            <span key={targetRef} className="accent">
              {at > 0 && ', '}
              <EntityLink entityRef={targetRef} isPlain />
            </span>
          ))}
        </span>
      ) : (
        row.owner !== undefined && <span>owned by {row.owner}</span>
      )}
      <code className="faint">{row.ref}</code>
    </>
  );
}
