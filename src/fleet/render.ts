import type { LivePosition } from '../live/live-reader.ts';
import { type CellJson, formed } from './cell-json.ts';
import { type ColumnPlace, type Layout, noCount, noText, noTime } from './columns.ts';
import type { Hit } from './row-order.ts';
import type { Shard } from './shard.ts';
import { noWord } from './words.ts';

/** Columns that stand beside the fields of an item, and as what: one after the other, and those that have a form of their own. */
const ownMembers: readonly (readonly [column: string, member: string])[] = [
  ['namespace', 'namespace'],
  ['name', 'name'],
  ['uid', 'uid'],
  ['created', 'createdAt'],
  ['deleting', 'deletingAt'],
  ['generation', 'generation'],
];
const ownPlaces = new Set([...ownMembers.map(([column]) => column), 'ownerKind', 'ownerName', 'labels', 'annotations']);

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

/** What is written of the objects of a kind: what is the same of all, then columns, each with what stands before its value. */
interface Shape {
  readonly head: string;
  readonly own: readonly Written[];
  readonly fields: readonly Written[];
}

type Written = readonly [before: string, place: ColumnPlace];

/** Writes rows as JSON. One for each answer. */
export class RowWriter {
  readonly #json: CellJson;
  readonly #shapes = new Map<Layout, Shape>();
  /** Columns that are not among the fields of an item. */
  readonly #leftOut: ReadonlySet<string>;

  /** @param templates whether pod templates are shown */
  constructor(json: CellJson, templates = false) {
    this.#json = json;
    this.#leftOut = templates ? ownPlaces : besideTemplates;
  }

  /** The JSON of an object. @param more members to add, each with a comma before it */
  object({ place: { cluster, kind, shard }, row }: Hit, more = ''): string {
    const { head, own, fields } = this.#shapeOf(shard.layout);
    const named = (name: string): string | undefined => this.#named(shard, row, name);
    const [ownerKind, ownerName] = [named('ownerKind'), named('ownerName')];
    const owner = ownerKind && ownerName ? `{"kind":${ownerKind},"name":${ownerName}}` : undefined;
    const asOf = kind.state === 'ok' || kind.asOf === undefined ? undefined : `"${instant(kind.asOf)}"`;
    let json = `{"cluster":${JSON.stringify(cluster.name)}${head}${this.#all(own, shard, row)}${member('owner', owner)}`;
    json += `,"labels":${named('labels') ?? '{}'},"annotations":${named('annotations') ?? '{}'}`;
    return `${json},"fields":{${this.#all(fields, shard, row).slice(1)}}${member('asOf', asOf)}${more}}`;
  }

  /** The JSON of a Warning event. */
  event({ place: { cluster, shard }, row }: Hit): string {
    const cell = (name: string): string | undefined => this.#named(shard, row, name);
    return `{"cluster":${JSON.stringify(cluster.name)}${member('namespace', cell('namespace'))},"reason":${
      cell('reason') ?? '""'
    },"message":${cell('message') ?? '""'},"object":{"kind":${cell('objectKind') ?? '""'},"name":${
      cell('objectName') ?? '""'
    }},"count":${cell('count') ?? '1'}${member('firstAt', cell('first'))}${member(
      'lastAt',
      cell('last') ?? cell('created'),
    )}${member('source', cell('source'))}}`;
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
        return slot === noWord ? undefined : this.#json.word(slot, column.form);
      case 'pairs':
        return slot === noWord ? undefined : this.#json.set(slot);
      case 'text':
        return slot === noText ? undefined : formed(shard.text(row, at), column.form);
      case 'count':
        if (slot === noCount) return undefined;
        return column.form === 'truth' ? String(slot !== 0) : String(slot | 0);
      case 'time':
        return slot === noTime ? undefined : `"${instant(slot * 1000)}"`;
    }
  }

  #named(shard: Shard, row: number, name: string): string | undefined {
    const place = shard.layout.byName.get(name);
    return place === undefined ? undefined : this.cell(shard, row, place);
  }

  /** The members of those columns that have a value, each with a comma before it. */
  #all(columns: readonly Written[], shard: Shard, row: number): string {
    let json = '';
    for (const [before, place] of columns) {
      const cell = this.cell(shard, row, place);
      if (cell !== undefined) json += before + cell;
    }
    return json;
  }

  #shapeOf(layout: Layout): Shape {
    let shape = this.#shapes.get(layout);
    if (shape === undefined) this.#shapes.set(layout, (shape = shapeOf(layout, this.#leftOut)));
    return shape;
  }
}

function shapeOf({ kind: { id, group }, places, byName }: Layout, leftOut: ReadonlySet<string>): Shape {
  const written = (name: string, place: ColumnPlace): Written => [`,${JSON.stringify(name)}:`, place];
  return {
    head: `,"kind":${JSON.stringify(id)},"group":${JSON.stringify(group)}`,
    own: ownMembers.flatMap(([column, name]) => {
      const place = byName.get(column);
      return place === undefined ? [] : [written(name, place)];
    }),
    fields: places.filter(({ name }) => !leftOut.has(name)).map((place) => written(place.name, place)),
  };
}

function member(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`;
}

/** The end of an answer: where it stands, and what it may lack, as JSON. */
export function answerEnd(position: LivePosition, incomplete?: string): string {
  const lacks = incomplete === undefined ? '' : `,"incomplete":${incomplete}`;
  return `,"position":${JSON.stringify(position)}${lacks}}`;
}
