import { isSearchPath } from '../../../src/model/search-filters.ts';
import { formatList, parseList } from '../../url/search-codec.ts';

/** One column of the list. */
export interface Column {
  /** Name in the URL: a short key, or the path itself. */
  readonly key: string;
  readonly title: string;
  /** Dotted path that the column shows, as exports name it. */
  readonly path: string;
  /** Path that it is sorted by, where that is another. */
  readonly sort?: string | undefined;
  /** Paths that the list has to ask for. */
  readonly fields: readonly string[];
  /** Width in px. */
  readonly width: number;
}

const COLUMNS: readonly Column[] = [
  { key: 'kind', title: 'Kind', path: 'kind', fields: [], width: 92 },
  { key: 'type', title: 'Type', path: 'spec.type', fields: [], width: 100 },
  { key: 'owner', title: 'Owner', path: 'relations.ownedBy', sort: 'spec.owner', fields: [], width: 140 },
  { key: 'lifecycle', title: 'Lifecycle', path: 'spec.lifecycle', fields: [], width: 104 },
  { key: 'system', title: 'System', path: 'relations.partOf', sort: 'spec.system', fields: [], width: 128 },
  { key: 'health', title: 'Health', path: 'facts.kubernetes.health', fields: [], width: 132 },
  { key: 'clusters', title: 'Clusters', path: 'facts.kubernetes.clusterCount', fields: [], width: 88 },
  { key: 'version', title: 'Version', path: 'facts.kubernetes.versions', fields: [], width: 116 },
  { key: 'namespace', title: 'Namespace', path: 'metadata.namespace', fields: [], width: 112 },
  { key: 'tags', title: 'Tags', path: 'metadata.tags', fields: ['metadata.tags'], width: 160 },
  { key: 'description', title: 'Description', path: 'metadata.description', fields: [], width: 260 },
  {
    key: 'problems',
    title: 'Problems',
    path: 'facts.problems.total',
    fields: ['facts.problems.total'],
    width: 92,
  },
  {
    key: 'score',
    title: 'Completeness',
    path: 'facts.completeness.score',
    fields: ['facts.completeness.score'],
    width: 128,
  },
];

/** The column that every list has, first. */
const NAME: Column = { key: 'name', title: 'Name', path: 'metadata.name', fields: [], width: 280 };

const USUAL = ['kind', 'type', 'owner', 'lifecycle', 'system'];
/** The usual columns of what runs: how, where and as which version says more than what it is. */
const USUAL_RUNNING = ['health', 'clusters', 'version', 'owner', 'lifecycle'];
/** Columns beside the name. */
export const MOST_COLUMNS = 20;

/** The columns that have a short key. */
export const KNOWN_COLUMNS = COLUMNS;

/** The column of a key or a path; `undefined`: there is none. */
export function columnOf(key: string): Column | undefined {
  if (key === NAME.key) return NAME;
  const known = COLUMNS.find((column) => column.key === key);
  if (known !== undefined || !isSearchPath(key) || key.length > 200) return known;
  return { key, title: titleOf(key), path: key, fields: [fieldOf(key)], width: 140 };
}

/** The columns of the list after the name: those of the URL, else the usual ones. @param runs whether any of it runs anywhere */
export function columnsOf(cols: string | undefined, runs = false): readonly Column[] {
  const keys = cols === undefined ? (runs ? USUAL_RUNNING : USUAL) : parseList(cols);
  const columns = [...new Set(keys)].flatMap((key) => (key === NAME.key ? [] : (columnOf(key) ?? [])));
  return columns.slice(0, MOST_COLUMNS);
}

/** The `cols` of the URL for these columns; the usual ones leave it. */
export function formatColumns(keys: readonly string[]): string | undefined {
  if (keys.length === USUAL.length && keys.every((key, at) => key === USUAL[at])) return undefined;
  return formatList(keys) ?? '';
}

/** The path that a column is sorted by. */
export function sortPath(key: string): string {
  const column = columnOf(key) ?? NAME;
  return column.sort ?? column.path;
}

/** Relations come with the entity as a whole. */
function fieldOf(path: string): string {
  return path.startsWith('relations.') ? 'relations' : path;
}

/** The last part of a path as a title: `example.org/size` -> `size`. */
function titleOf(path: string): string {
  const annotation = path.slice(path.lastIndexOf('/') + 1);
  return annotation.slice(annotation.lastIndexOf('.') + 1);
}
