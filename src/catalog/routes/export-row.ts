import type { View } from '../../graph/view.ts';
import { fieldValue } from '../../model/field-value.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { factAt } from './listed-facts.ts';

/** What a table shows where no columns are asked. */
const USUAL_COLUMNS = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.title',
  'spec.type',
  'spec.lifecycle',
  'relations.ownedBy',
  'relations.partOf',
];
const MOST_COLUMNS = 100;

/** The columns of an export as they were asked; none: whole entities. */
export function exportColumns(asked: readonly string[], isTable: boolean): readonly string[] {
  const columns = asked
    .flatMap((part) => part.split(','))
    .map((column) => column.trim())
    .filter((column) => column !== '');
  return columns.length === 0 && isTable ? USUAL_COLUMNS : [...new Set(columns)].slice(0, MOST_COLUMNS);
}

/** Reads the columns of one entity; absent values are `undefined`. */
export function exportRow(view: View, id: number, columns: readonly string[]): readonly (JsonValue | undefined)[] {
  const entity = exportedEntity(view, id);
  return columns.map((column) => {
    if (column === 'ref') return view.refOf(id);
    if (column.startsWith('facts.')) {
      const fact = factAt(view.subject(id), column.slice('facts.'.length));
      return fact?.unknown === true ? undefined : fact?.value;
    }
    return fieldValue(entity, column);
  });
}

/** The whole entity, as reads answer it. */
export function exportedEntity(view: View, id: number): JsonObject {
  return JSON.parse(decoder.decode(view.bytes(id))) as JsonObject;
}

const decoder = new TextDecoder();

/** A value as a table shows it: a list joined by commas. */
export function tableValue(value: JsonValue | undefined): unknown {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(',');
  return value;
}
