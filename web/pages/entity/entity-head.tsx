import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf } from '../../../src/model/ref.ts';
import { useSummaries } from '../../data/entity-summaries.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { runShortcut, useKeysOf } from '../../ui/shortcuts.ts';
import { StarButton } from '../../ui/star-button.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { Tags } from './about.tsx';
import { Lifecycle } from './relation-rows.tsx';
import { useEntityActions } from './use-entity-actions.ts';

/** Name, kind and type, lifecycle, owner, tags: what is read first; and what can be done with it. */
export function EntityHead({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const { title } = readRow(entity);
  const outcome = useEntityActions(entity);
  const keys = useKeysOf('actions.open');
  return (
    <PageHead
      title={
        <>
          <KindGlyph kind={entity.kind} />
          {title}
        </>
      }
      sub={<EntitySub entity={entity} />}
      actions={
        <div className="button-row">
          <output className="faint">{outcome}</output>
          <StarButton entityRef={entityRefOf(entity)} title={title} />
          <button type="button" className="button" onClick={() => runShortcut('actions.open')}>
            Actions {keys !== '' && <kbd aria-hidden="true">{keys}</kbd>}
          </button>
        </div>
      }
    />
  );
}

/** Kind and type, lifecycle, owner, ref, tags: what stands below the name. */
export function EntitySub({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const row = readRow(entity);
  return (
    <>
      <span>
        {entity.kind}
        {row.type !== undefined && ` · ${row.type}`}
      </span>
      {row.lifecycle !== undefined && <Lifecycle word={row.lifecycle} />}
      <Owners entity={entity} declared={row.owner} />
      <span className="entity-ref">
        <code className="faint">{row.ref}</code> <CopyButton text={row.ref} label="Copy the ref" />
      </span>
      <Tags tags={entity.metadata.tags ?? []} />
    </>
  );
}

function Owners({
  entity,
  declared,
}: {
  readonly entity: RenderedEntity;
  readonly declared: string | undefined;
}): ReactNode {
  const owners = entity.relations.filter(({ type }) => type === 'ownedBy');
  const known = useSummaries(owners.map(({ targetRef }) => targetRef)).data;
  if (owners.length === 0) return declared !== undefined && <span>owned by {declared}</span>;
  return (
    <span>
      owned by{' '}
      {owners.map(({ targetRef }, at) => {
        const owner = known?.get(targetRef);
        return (
          <span key={targetRef} className="accent">
            {at > 0 && ', '}
            <EntityLink entityRef={targetRef} title={owner && readRow(owner).title} isPlain />
          </span>
        );
      })}
    </span>
  );
}
