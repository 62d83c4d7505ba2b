/**
 * How the values of a column are held.
 *
 * - `word`: a text that many objects share (an image, a namespace, a set of labels); held once in the fleet
 * - `text`: a text that is this object's own (a name, a message)
 * - `count`: a whole number, from -2^31 on
 * - `amount`: any number, such as bytes or millicores
 * - `time`: an instant, in whole seconds since 1970
 */
export type ColumnType = 'word' | 'text' | 'count' | 'amount' | 'time';

/** One column of the records of a kind. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** For people: what it says, with its unit. */
  readonly description: string;
  /**
   * How answers show a value: `lines` as a list of texts, `pairs` (lines `key=value`) as an object, `json` as what it is,
   * `truth` as true or false. Absent: texts and numbers as they are, times as ISO 8601.
   */
  readonly form?: 'lines' | 'pairs' | 'json' | 'truth' | undefined;
}

/** A value of a record: a text for `word` and `text`, else a number; undefined where the object does not say it. */
export type Cell = string | number | undefined;

/** An object of a cluster, reduced: one cell a column, in the order of the columns of its kind. */
export type LiveRecord = readonly Cell[];

/**
 * What is kept of every object, before the columns of its kind. Labels and annotations are words of lines `key=value`,
 * sorted by key: objects made from one template share them.
 */
export const commonColumns = [
  { name: 'namespace', type: 'word', description: 'Namespace; absent for what stands in none.' },
  { name: 'name', type: 'text', description: 'Name.' },
  { name: 'uid', type: 'text', description: 'UID: another one is another object.' },
  { name: 'created', type: 'time', description: 'When it was created.' },
  { name: 'deleting', type: 'time', description: 'When its deletion was asked for.' },
  { name: 'generation', type: 'count', description: 'Generation of its spec.' },
  { name: 'ownerKind', type: 'word', description: 'Kind of the controller that owns it.' },
  { name: 'ownerName', type: 'word', description: 'Name of the controller that owns it.' },
  { name: 'labels', type: 'word', description: 'Labels.', form: 'pairs' },
  {
    name: 'annotations',
    type: 'word',
    description: 'Annotations that say whose it is and who made it.',
    form: 'pairs',
  },
] as const satisfies readonly Column[];

/** Positions of the common columns in every record. */
export const commonAt = {
  namespace: 0,
  name: 1,
  uid: 2,
  created: 3,
  deleting: 4,
  generation: 5,
  ownerKind: 6,
  ownerName: 7,
  labels: 8,
  annotations: 9,
} as const;
