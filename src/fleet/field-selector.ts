import { nearestName } from '../base/nearest-name.ts';
import type { ColumnPlace, Layout } from './columns.ts';
import { fleetError } from './errors.ts';
import type { IdClusters } from './id-clusters.ts';
import { numberFilter, type RowFilter, textFilter, wordFilter } from './row-filter.ts';
import { WordAnswers } from './word-answers.ts';
import { noWord, type Words } from './words.ts';

const operators = ['!=', '==', '>=', '<=', '=', '>', '<'] as const;

/** One comparison of a field selector. */
export interface Comparison {
  readonly column: string;
  readonly operator: (typeof operators)[number];
  readonly value: string;
}

/**
 * Parses comparisons of columns, joined by commas: `reason=CrashLoopBackOff,restarts>5`. As in Kubernetes, a backslash before a
 * comma, an equals sign or a backslash in a value takes it as it is.
 *
 * @throws LIVE_QUERY_INVALID
 */
export function parseFieldSelector(text: string): readonly Comparison[] {
  const parts = text.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return parts.map((part) => {
    const match = /^\s*([\w.]+)\s*(!=|==|>=|<=|=|>|<)(.*)$/s.exec(part);
    const [, column, operator, value] = match ?? [];
    const known = operators.find((one) => one === operator);
    if (column === undefined || known === undefined || value === undefined) {
      throw invalid(
        `'${part}' of the field selector is no comparison; one is column=value, with =, !=, >, <, >= or <=`,
      );
    }
    return { column, operator: known, value: value.trim().replace(/\\(.)/gs, '$1') };
  });
}

/**
 * The column of this name, where a kind has it.
 *
 * @throws LIVE_QUERY_INVALID where none of the kinds has it, with the near name
 */
export function checkColumn(name: string, layouts: readonly Layout[]): void {
  if (layouts.length === 0 || layouts.some(({ byName }) => byName.has(name))) return;
  const near = nearestName(
    name,
    layouts.flatMap(({ places }) => places.map((place) => place.name)),
  );
  const kinds = layouts.length === 1 ? `${layouts[0]?.kind.id ?? ''} has` : 'these kinds have';
  throw invalid(`${kinds} no column ${name}${near === undefined ? '' : `; did you mean ${near}?`}`);
}

/**
 * Makes, for one kind, a comparison into a filter of rows; undefined: it has no such column, so none passes.
 *
 * @throws LIVE_QUERY_INVALID where the value is none of this column
 */
export function comparisonFilter(
  { column, operator, value }: Comparison,
  layout: Layout,
  { words, wordClusters }: { readonly words: Words; readonly wordClusters: IdClusters },
): RowFilter | undefined {
  const place = layout.byName.get(column);
  if (place === undefined) return undefined;
  const isWanted = outcomeTest(operator);
  const isAbsentWanted = (operator === '!=') !== (value === '') && !isOrder(operator);
  const slotOf = (): number => place.at;
  switch (place.holding) {
    case 'pairs':
      throw invalid(`${column} cannot be compared; labels are selected by a label selector`);
    case 'word': {
      const test = lineTest(place, operator, value, isWanted);
      const passes = (id: number): boolean => (id === noWord ? isAbsentWanted : test(words.text(id)));
      const isOne = !isAbsentWanted && place.column.form !== 'lines' && (operator === '=' || operator === '==');
      const one = isOne ? [words.find(value)].filter((id) => id >= 0) : undefined;
      return wordFilter(slotOf, new WordAnswers(words.end, passes, one), one && wordClusters.union(one));
    }
    case 'text':
      return textFilter(slotOf, Buffer.from(value), isAbsentWanted, isWanted);
    default: {
      // Compared with nothing: only whether there is a value counts.
      const wanted = value === '' ? undefined : numberOf(place, value);
      const test = (cell: number): boolean => {
        if (Number.isNaN(cell)) return isAbsentWanted;
        return wanted === undefined ? operator === '!=' : isWanted(cell - wanted);
      };
      return numberFilter((shard, row) => shard.number(row, place), test);
    }
  }
}

function isOrder(operator: Comparison['operator']): boolean {
  return operator !== '!=' && operator !== '=' && operator !== '==';
}

/** Which outcomes of a comparison (less than, equal to, more than zero) an operator takes. */
function outcomeTest(operator: Comparison['operator']): (outcome: number) => boolean {
  switch (operator) {
    case '!=':
      return (outcome) => outcome !== 0;
    case '>':
      return (outcome) => outcome > 0;
    case '<':
      return (outcome) => outcome < 0;
    case '>=':
      return (outcome) => outcome >= 0;
    case '<=':
      return (outcome) => outcome <= 0;
    default:
      return (outcome) => outcome === 0;
  }
}

/** A test of a word; of a list of lines it is enough that one is equal, and none may be for `!=`. */
function lineTest(
  { column }: ColumnPlace,
  operator: Comparison['operator'],
  value: string,
  isWanted: (outcome: number) => boolean,
): (text: string) => boolean {
  const wanted = Buffer.from(value);
  const compare = (text: string): number => Buffer.compare(Buffer.from(text), wanted);
  if (column.form !== 'lines') return (text) => isWanted(compare(text));
  if (operator === '!=') return (text) => !text.split('\n').includes(value);
  return (text) => text.split('\n').some((line) => isWanted(compare(line)));
}

function numberOf({ name, column, holding }: ColumnPlace, value: string): number {
  if (column.form === 'truth' && (value === 'true' || value === 'false')) return Number(value === 'true');
  const seconds = holding === 'time' ? Date.parse(value) / 1000 : Number.NaN;
  const number = /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : seconds;
  if (!Number.isNaN(number)) return number;
  const form = column.form === 'truth' ? 'true or false' : 'a number';
  throw invalid(`${name} is ${holding === 'time' ? 'a time, as in 2026-01-31T12:00:00Z' : form}, not '${value}'`);
}

/** The refusal of a question. */
export function invalid(problem: string): Error {
  return fleetError('LIVE_QUERY_INVALID', { problem });
}
