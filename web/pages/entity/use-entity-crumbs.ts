import type { RenderedEntity } from '../../../src/model/entity.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { useBreadcrumbs, type Breadcrumb } from '../../app/breadcrumbs.tsx';
import { useSummaries } from '../../data/entity-summaries.ts';
import { readRow } from '../catalog/row-fields.ts';
import { nameText } from './name-text.ts';

/** Shows the way to an entity in the head: catalog, domain, system, itself; as far as it is part of any. */
export function useEntityCrumbs(entity: RenderedEntity | undefined, name: string): void {
  const row = entity && readRow(entity);
  const above = useTitled(row?.partOf);
  const top = useTitled(above?.partOf);
  const crumbs = [top, above].flatMap((step) => step?.crumb ?? []);
  useBreadcrumbs([{ label: 'Catalog', to: '/catalog' }, ...crumbs, { label: row?.title ?? name }]);
}

interface Titled {
  readonly crumb: Breadcrumb;
  readonly partOf: string | undefined;
}

function useTitled(ref: string | undefined): Titled | undefined {
  const summary = useSummaries(ref === undefined ? [] : [ref]).data?.get(ref ?? '');
  const parts = ref === undefined ? undefined : parseEntityRef(ref);
  if (ref === undefined || !parts) return undefined;
  const row = summary && readRow(summary);
  const { kind, namespace, name } = parts;
  return {
    crumb: { label: row?.title ?? nameText(ref), to: `/catalog/${kind}/${namespace}/${name}` },
    partOf: row?.partOf,
  };
}
