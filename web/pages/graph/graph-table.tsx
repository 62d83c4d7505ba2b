import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { Mark } from '../../ui/mark.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { withRoot, type GraphSearch } from './graph-search.ts';
import { hiddenCount, problemWords, type Box, type Scene, type SceneEntity } from './scene.ts';

/** The same as the picture, as two tables: what is shown, and how it is tied. */
export function GraphTable({
  scene,
  open,
}: {
  readonly scene: Scene;
  /** Shows more of a box, or less; absent where nothing can be opened. */
  readonly open?: ((box: Box) => { readonly label: string; readonly run: () => void } | undefined) | undefined;
}): ReactNode {
  const list = useRowKeys(true);
  const titles = new Map(scene.boxes.map((box) => [box.id, box]));
  return (
    <div ref={list} className="stack graph-tables">
      <div className="table-frame">
        <table className="table table-stack">
          <caption className="visually-hidden">Entities of the graph</caption>
          <thead>
            <tr>
              <th scope="col">Entity</th>
              <th scope="col">Kind</th>
              <th scope="col">Owner</th>
              <th scope="col">Problems</th>
              <th scope="col" className="col-number">
                Distance
              </th>
              <th scope="col" className="col-number">
                Edges hidden
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {scene.boxes.map((box) => (
              <BoxRow key={box.id} box={box} action={open?.(box)} />
            ))}
          </tbody>
        </table>
      </div>
      {scene.lines.length > 0 && <LineTable scene={scene} titles={titles} />}
    </div>
  );
}

function BoxRow({
  box,
  action,
}: {
  readonly box: Box;
  readonly action: { readonly label: string; readonly run: () => void } | undefined;
}): ReactNode {
  const { entity, title, sub, isRoot } = box;
  const problems = entity ? problemWords(entity) : undefined;
  return (
    <tr>
      <th scope="row">
        {entity ? (
          <RowLink entity={entity} />
        ) : (
          <span>
            {title} <span className="faint">{sub}</span>
          </span>
        )}
        {isRoot && <span className="faint"> root</span>}
        {entity?.exists === false && <span className="missing-note"> not in the catalog</span>}
      </th>
      <td>{entity ? [entity.kind, entity.type].filter(Boolean).join(' · ') : 'Group'}</td>
      <td data-label={entity?.owner === undefined ? undefined : 'Owner'}>
        {entity?.owner !== undefined && <EntityLink entityRef={entity.owner} isPlain />}
      </td>
      <td>
        {problems !== undefined && <Mark state={entity?.problems.errors ? 'degraded' : 'warning'}>{problems}</Mark>}
      </td>
      <td className="col-number" data-label="Distance">
        {entity ? (entity.distance ?? 'pinned') : box.group?.distance}
      </td>
      <td className="col-number" data-label="Edges hidden">
        {entity ? hiddenCount(entity) : ''}
      </td>
      <td className="graph-row-actions">
        {entity && !isRoot && (
          <Link
            from="/graph"
            to="/graph"
            search={(now: GraphSearch) => withRoot(now, entity.ref)}
            className="button button-small"
            aria-label={`Make ${title} the root`}
          >
            Root
          </Link>
        )}
        {action && (
          <button
            type="button"
            className="button button-small"
            onClick={action.run}
            aria-label={`${action.label}: ${title}`}
          >
            {action.label}
          </button>
        )}
      </td>
    </tr>
  );
}

function RowLink({ entity }: { readonly entity: SceneEntity }): ReactNode {
  const parts = parseEntityRef(entity.ref);
  return (
    parts && (
      <Link
        to="/catalog/$kind/$namespace/$name"
        params={parts}
        className="entity-link"
        data-row-link={entity.ref}
        title={entity.ref}
      >
        <KindGlyph kind={entity.kind} />
        <span className={entity.exists ? 'entity-link-name' : 'entity-link-name is-missing'}>
          {entity.title ?? entity.name}
        </span>
      </Link>
    )
  );
}

function LineTable({ scene, titles }: { readonly scene: Scene; readonly titles: ReadonlyMap<string, Box> }): ReactNode {
  const end = (id: string): ReactNode => {
    const box = titles.get(id);
    if (!box?.entity) return box?.title ?? id;
    return <EntityLink entityRef={box.entity.ref} title={box.entity.title} exists={box.entity.exists} />;
  };
  return (
    <div className="table-frame">
      <table className="table table-stack">
        <caption className="visually-hidden">Relations of the graph</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Relation</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          {scene.lines.map(({ id, from, to, words }) => (
            <tr key={id}>
              <td>{end(from)}</td>
              <td>{words}</td>
              <td>{end(to)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
