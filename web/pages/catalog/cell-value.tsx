import type { ReactNode } from 'react';
import type { ListedEntity } from '../../../src/api/entity.ts';
import { fieldValue } from '../../../src/model/field-value.ts';
import type { HealthStatus } from '../../../src/api/running.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/model/json.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { HealthMark } from '../entity/running/health-mark.tsx';
import { healthMarks } from '../entity/running/running-words.ts';
import { VersionText } from '../entity/running/version-text.tsx';
import type { Column } from './catalog-columns.ts';
import type { RowFields } from './row-fields.ts';

/** What a column shows of one entity. */
export function CellValue({
  column,
  entity,
  row,
}: {
  readonly column: Column;
  readonly entity: ListedEntity;
  readonly row: RowFields;
}): ReactNode {
  const { namespace } = entity.metadata;
  switch (column.key) {
    case 'kind':
      return row.kind;
    case 'type':
      return row.type ?? <Absent />;
    case 'lifecycle':
      return row.lifecycle ?? <Absent />;
    case 'owner':
      return <RefValue value={row.owner} near={namespace} />;
    case 'system':
      return <RefValue value={row.partOf} near={namespace} />;
    case 'health':
      return <HealthValue entity={entity} />;
    case 'version':
      return <VersionValue entity={entity} />;
    case 'problems':
      return <PlainValue value={factOf(entity, column.path)?.value ?? 0} near={namespace} />;
    default:
      return <AnyValue column={column} entity={entity} near={namespace} />;
  }
}

function AnyValue({
  column,
  entity,
  near,
}: {
  readonly column: Column;
  readonly entity: ListedEntity;
  readonly near: string | undefined;
}): ReactNode {
  if (!column.path.startsWith('facts.')) {
    return <PlainValue value={fieldValue(entity as unknown as JsonObject, column.path)} near={near} />;
  }
  const fact = factOf(entity, column.path);
  if (fact?.unknown !== true) return <PlainValue value={fact?.value} near={near} />;
  return (
    <span
      className="cell-stale"
      title="Unknown now: this was known last. Its collector has not looked in time, or failed."
    >
      <PlainValue value={fact.value} near={near} />
      <span className="visually-hidden">, stale</span>
    </span>
  );
}

/** Path of the fact that says how an entity does in the clusters. */
export const HEALTH = 'facts.kubernetes.health';

/** How an entity does; what depends on a cluster that cannot be read is unknown, whatever it was. */
function HealthValue({ entity }: { readonly entity: ListedEntity }): ReactNode {
  const fact = factOf(entity, HEALTH);
  if (fact === undefined) return <Absent />;
  const { value, unknown } = fact;
  const isKnown = unknown !== true && typeof value === 'string' && value in healthMarks;
  const status = isKnown ? (value as HealthStatus) : 'Unknown';
  const reason = factOf(entity, 'facts.kubernetes.healthReason')?.value;
  return (
    <span title={typeof reason === 'string' && status !== 'Healthy' ? reason : undefined}>
      <HealthMark status={status} />
    </span>
  );
}

/** The versions of an entity by how many clusters have them. */
function VersionValue({ entity }: { readonly entity: ListedEntity }): ReactNode {
  const value = factOf(entity, 'facts.kubernetes.versions')?.value;
  if (!isJsonObject(value)) return <Absent />;
  const tags = Object.values(value).filter((tag) => typeof tag === 'string');
  const counts = Map.groupBy(tags, (tag) => tag);
  const versions = Array.from(counts, ([tag, same]) => ({ tag, image: tag, clusters: same.length }));
  return <VersionText versions={versions.toSorted((left, right) => right.clusters - left.clusters)} />;
}

/** A fact that the list asked for. @param path with `facts.` */
export function factOf(
  entity: ListedEntity,
  path: string,
): { readonly value: JsonValue; readonly unknown?: true | undefined } | undefined {
  return entity.facts?.[path.slice('facts.'.length)];
}

function RefValue({
  value,
  near,
}: {
  readonly value: string | undefined;
  readonly near: string | undefined;
}): ReactNode {
  return value === undefined ? <Absent /> : <EntityLink entityRef={value} near={near} isPlain />;
}

function PlainValue({
  value,
  near,
}: {
  readonly value: JsonValue | undefined;
  readonly near: string | undefined;
}): ReactNode {
  if (value === undefined || value === null || value === '') return <Absent />;
  if (Array.isArray(value)) return <ListValue items={value} near={near} />;
  if (typeof value === 'object')
    return <code title={JSON.stringify(value, undefined, 2)}>{JSON.stringify(value)}</code>;
  if (typeof value === 'string')
    return isRef(value) ? <RefValue value={value} near={near} /> : <span title={value}>{value}</span>;
  return typeof value === 'number' ? value.toLocaleString() : String(value);
}

function ListValue({
  items,
  near,
}: {
  readonly items: readonly JsonValue[];
  readonly near: string | undefined;
}): ReactNode {
  if (items.length === 0) return <Absent />;
  const texts = items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  const [only] = texts;
  if (texts.length === 1 && only !== undefined && isRef(only)) return <RefValue value={only} near={near} />;
  return <span title={texts.join('\n')}>{texts.join(', ')}</span>;
}

/** A canonical ref, which relations are. */
function isRef(text: string): boolean {
  return /^[a-z]\w*:[^/\s:]+\/[^/\s:]+$/.test(text) && parseEntityRef(text) !== undefined;
}

function Absent(): ReactNode {
  return (
    <span className="absent">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">none</span>
    </span>
  );
}
