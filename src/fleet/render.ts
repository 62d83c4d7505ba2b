import type { LiveReason } from '../live/cluster.ts';
import type { LivePosition } from '../live/live-reader.ts';
import { type ColumnPlace, noCount, noText, noTime } from './columns.ts';
import type { PairSets } from './pair-sets.ts';
import type { Hit } from './row-order.ts';
import type { Shard } from './shard.ts';
import { noWord, type Words } from './words.ts';

/** Columns that stand beside the fields of an item, in their own form. */
const ownPlaces = new Set([
  'namespace',
  'name',
  'uid',
  'created',
  'deleting',
  'generation',
  'ownerKind',
  'ownerName',
  'labels',
  'annotations',
]);

const besideTemplates = new Set([...ownPlaces, 'template']);

const encoder = new TextEncoder();

/** The bytes of an answer, in memory of their own: they are handed to another thread. */
export function answerBytes(json: string): Uint8Array {
  return encoder.encode(json);
}

/** An instant as ISO 8601. @param ms since 1970 */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** What a question could not be answered wholly for. */
export interface Incomplete {
  readonly cluster: string;
  readonly kind?: string | undefined;
  readonly state: 'denied' | 'unreachable' | 'stale';
  readonly reason?: LiveReason | undefined;
  readonly asOf?: string | undefined;
}

/** Writes rows as JSON. One for each answer: it remembers the words that it has written. */
export class RowWriter {
  readonly #words: Words;
  readonly #pairs: PairSets;
  readonly #wordJson = new Map<number, string>();
  readonly #linesJson = new Map<number, string>();
  readonly #pairsJson = new Map<number, string>();

  /** Columns that are not among the fields of an item. */
  readonly #leftOut: ReadonlySet<string>;

  /** @param templates whether pod templates are shown */
  constructor(words: Words, pairs: PairSets, templates = false) {
    this.#words = words;
    this.#pairs = pairs;
    this.#leftOut = templates ? ownPlaces : besideTemplates;
  }

  /** The JSON of an object. @param more members to add, each with a comma before it */
  object({ place: { cluster, kind, shard }, row }: Hit, more = ''): string {
    const { byName, places } = shard.layout;
    const own = (name: string): string | undefined => this.#cellNamed(shard, row, byName.get(name));
    const ownerKind = own('ownerKind');
    const ownerName = own('ownerName');
    const fields: string[] = [];
    for (const place of places) {
      const cell = this.#leftOut.has(place.name) ? undefined : this.cell(shard, row, place);
      if (cell !== undefined) fields.push(`"${place.name}":${cell}`);
    }
    const asOf = kind.state === 'ok' || kind.asOf === undefined ? undefined : `"${instant(kind.asOf)}"`;
    return `{"cluster":${JSON.stringify(cluster.name)},"kind":${JSON.stringify(kind.kind.id)},"group":${JSON.stringify(
      kind.kind.group,
    )}${members([
      ['namespace', own('namespace')],
      ['name', own('name')],
      ['uid', own('uid')],
      ['createdAt', own('created')],
      ['deletingAt', own('deleting')],
      ['generation', own('generation')],
      ['owner', ownerKind && ownerName ? `{"kind":${ownerKind},"name":${ownerName}}` : undefined],
    ])},"labels":${own('labels') ?? '{}'},"annotations":${own('annotations') ?? '{}'},"fields":{${fields.join(
      ',',
    )}}${members([['asOf', asOf]])}${more}}`;
  }

  /** The JSON of a Warning event. */
  event({ place: { cluster, shard }, row }: Hit): string {
    const { byName } = shard.layout;
    const cell = (name: string): string | undefined => this.#cellNamed(shard, row, byName.get(name));
    return `{"cluster":${JSON.stringify(cluster.name)}${members([['namespace', cell('namespace')]])},"reason":${
      cell('reason') ?? '""'
    },"message":${cell('message') ?? '""'},"object":{"kind":${cell('objectKind') ?? '""'},"name":${
      cell('objectName') ?? '""'
    }},"count":${cell('count') ?? '1'}${members([
      ['firstAt', cell('first')],
      ['lastAt', cell('last') ?? cell('created')],
      ['source', cell('source')],
    ])}}`;
  }

  /** The JSON of a cell in the form of its column; undefined: it has no value. */
  cell(shard: Shard, row: number, { column, holding, at }: ColumnPlace): string | undefined {
    if (holding === 'amount') {
      const amount = shard.amount(row, at);
      return Number.isFinite(amount) ? String(amount) : undefined;
    }
    const slot = shard.slot(row, at);
    switch (holding) {
      case 'word':
        return slot === noWord ? undefined : this.#word(slot, column.form);
      case 'pairs':
        return slot === noWord ? undefined : this.#pairSet(slot);
      case 'text':
        return slot === noText ? undefined : formed(shard.text(row, at), column.form);
      case 'count':
        if (slot === noCount) return undefined;
        return column.form === 'truth' ? String(slot !== 0) : String(slot | 0);
      case 'time':
        return slot === noTime ? undefined : `"${instant(slot * 1000)}"`;
    }
  }

  #cellNamed(shard: Shard, row: number, place: ColumnPlace | undefined): string | undefined {
    return place === undefined ? undefined : this.cell(shard, row, place);
  }

  #word(word: number, form: ColumnPlace['column']['form']): string {
    const known = form === undefined ? this.#wordJson : this.#linesJson;
    let json = known.get(word);
    if (json === undefined) {
      json = formed(this.#words.text(word), form);
      known.set(word, json);
    }
    return json;
  }

  #pairSet(set: number): string {
    let json = this.#pairsJson.get(set);
    if (json === undefined) {
      json = formed(this.#pairs.text(set), 'pairs');
      this.#pairsJson.set(set, json);
    }
    return json;
  }
}

function members(named: readonly (readonly [string, string | undefined])[]): string {
  let json = '';
  for (const [name, value] of named) if (value !== undefined) json += `,"${name}":${value}`;
  return json;
}

/** A text in the form of its column. What should be JSON and is not is shown as a text. */
function formed(text: string, form: ColumnPlace['column']['form']): string {
  if (form === 'lines') return JSON.stringify(text === '' ? [] : text.split('\n'));
  if (form === 'json') return isJson(text) ? text : JSON.stringify(text);
  if (form !== 'pairs') return JSON.stringify(text);
  const pairs = text === '' ? [] : text.split('\n').map((line) => pairOf(line));
  return JSON.stringify(Object.fromEntries(pairs));
}

function pairOf(line: string): readonly [string, string] {
  const equals = line.indexOf('=');
  return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The end of an answer: where it stands, and what it may lack. */
export function answerEnd(position: LivePosition, incomplete: readonly Incomplete[] | undefined): string {
  const lacks = incomplete === undefined ? '' : `,"incomplete":${JSON.stringify(incomplete)}`;
  return `,"position":${JSON.stringify(position)}${lacks}}`;
}
