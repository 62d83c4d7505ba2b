import { DigestSum } from '../base/digest.ts';
import { NumberList } from '../base/number-list.ts';
import { forEachId, type IdSet, NO_IDS } from '../base/postings.ts';
import type { SectionWriter } from '../base/section-file.ts';
import type { Scalar } from '../model/predicate.ts';
import { type PresentRecord, recordDigest } from '../store/digest.ts';
import type { Cache } from './cache.ts';
import type { IdTable } from './id-table.ts';
import type { ColumnHeader, ImageHeader, ImageOrigin } from './image.ts';
import { compareScalars } from './image-column.ts';
import { SHARED_TEXTS } from './image-nodes.ts';
import type { RelationTypeHeader, SetsPlace } from './image-relations.ts';
import { pacedSort } from './paced-sort.ts';
import type { Pace } from './pacer.ts';
import { type Column, type PathNode, scalarType } from './term.ts';

/** What the writing of one image needs. The cache must stay at its revision until it is done: `pace.pause` throws else. */
export interface ImageWriting {
  readonly cache: Cache;
  readonly out: SectionWriter;
  readonly pace: Pace;
}

/**
 * Writes the cache as sections, in turns of the event loop. Volatile facts are left out, with what only they hold.
 *
 * @param committedAt when the cache's revision was committed, ms since the epoch
 * @returns the header of the file
 */
export async function writeImage(
  writing: ImageWriting,
  origin: ImageOrigin,
  committedAt: number,
): Promise<ImageHeader> {
  const { revision } = writing.cache;
  const holds = new Uint32Array(writing.cache.nodes.capacity);
  const entityDigest = await writeEntities(writing, holds);
  assertWhole(writing.cache, entityDigest);
  const relationTypes = await writeEdges(writing, holds);
  await writeRefs(writing, holds);
  const columns = await writeTerms(writing);
  await writeOthers(writing);
  const { build, epoch } = origin;
  return { build, epoch, revision, committedAt, entityDigest, columns, relationTypes };
}

/** @returns the digest of the entities that were written */
async function writeEntities({ cache, out, pace }: ImageWriting, holds: Uint32Array): Promise<string> {
  const { nodes } = cache;
  const capacity = holds.length;
  const digest = new DigestSum();
  const [lines, createdAt] = [new Uint32Array(capacity), new Float64Array(capacity)];
  const [updatedAt, sharedBy] = [new Float64Array(capacity), new Uint32Array(capacity * SHARED_TEXTS)];
  const shared = new Map([['', 0]]);
  const numberOf = (text: string): number => {
    const known = shared.get(text);
    if (known === undefined) shared.set(text, shared.size);
    return known ?? shared.size - 1;
  };
  const refs: { readonly id: number; readonly ref: string }[] = [];
  const bodies = out.texts('bodies');
  for (let id = 0; id < capacity; id += 1) {
    const stored = nodes.peek(id);
    bodies.add(stored?.body ?? '');
    if (pace.isDue()) await pace.pause();
    if (stored === undefined) continue;
    refs.push({ id, ref: stored.ref });
    digest.add(recordDigest({ type: 'entity', key: stored.ref, value: stored }));
    holds[id] = 1;
    lines[id] = stored.line;
    createdAt[id] = stored.createdAt;
    updatedAt[id] = stored.updatedAt;
    const texts = [stored.location, stored.source, stored.commit ?? ''].map(numberOf);
    sharedBy.set(texts, id * SHARED_TEXTS);
  }
  bodies.end();
  for (const [name, numbers] of Object.entries({ lines, createdAt, updatedAt, sharedBy })) out.numbers(name, numbers);
  for (const [name, field] of [
    ['uids', 'uid'],
    ['hashes', 'hash'],
  ] as const) {
    const texts = out.texts(name);
    for (let id = 0; id < capacity; id += 1) {
      texts.add(nodes.peek(id)?.[field] ?? '');
      if (pace.isDue()) await pace.pause();
    }
    texts.end();
  }
  await writeTexts(out, pace, 'shared', shared.keys());
  const sorted = await pacedSort(refs, (left, right) => (left.ref < right.ref ? -1 : 1), pace);
  out.numbers(
    'entities',
    Uint32Array.from(sorted, ({ id }) => id),
  );
  return digest.toString();
}

/** What was written is what the cache has kept count of, and so what the store has. */
function assertWhole(cache: Cache, written: string): void {
  const digest = new DigestSum();
  digest.addSum(written);
  for (const record of cache.otherRecords()) {
    if (record.type !== 'entity') break;
    if (record.value) digest.add(recordDigest({ ...record, value: record.value }));
  }
  if (digest.toString() !== cache.digests().entity) throw new Error('the entities of the cache are not what it counts');
}

async function writeEdges({ cache, out, pace }: ImageWriting, holds: Uint32Array): Promise<RelationTypeHeader[]> {
  const { relations } = cache;
  const types = [...relations.types.values()];
  const indexOf = new Map(types.map((type, index) => [type, index]));
  const [starts, edges] = [new NumberList(), new NumberList()];
  for (let id = 0; id < holds.length; id += 1) {
    starts.push(edges.length);
    for (const { forward, reverse, target } of relations.declaredBy(id)) {
      edges.push(indexOf.get(forward) ?? 0, indexOf.get(reverse) ?? 0, target);
      holds[target] = (holds[target] ?? 0) + 1;
    }
    if (pace.isDue()) await pace.pause();
  }
  starts.push(edges.length);
  out.numbers('edges.starts', starts.numbers());
  out.numbers('edges', edges.numbers());
  const [keys, setStarts, sets] = [new NumberList(), new NumberList(), new NumberList()];
  const place = async (table: IdTable): Promise<SetsPlace> => {
    const first = keys.length;
    for (const [key, set] of table.entries()) {
      keys.push(key);
      setStarts.push(sets.length);
      forEachId(set, (id) => sets.push(id));
      if (pace.isDue()) await pace.pause();
    }
    return [first, keys.length - first];
  };
  const headers: RelationTypeHeader[] = [];
  for (const { name, targets, sources, again } of types) {
    headers.push({ name, targets: await place(targets), sources: await place(sources), again: [...again] });
  }
  setStarts.push(sets.length);
  out.numbers('sets.keys', keys.numbers());
  out.numbers('sets.starts', setStarts.numbers());
  out.numbers('sets', sets.numbers());
  return headers;
}

/** The refs of the nodes that entities and edges hold. */
async function writeRefs({ cache, out, pace }: ImageWriting, holds: Uint32Array): Promise<void> {
  const refs = out.texts('refs');
  for (let id = 0; id < holds.length; id += 1) {
    refs.add(holds[id] === 0 ? '' : cache.nodes.refOf(id));
    if (pace.isDue()) await pace.pause();
  }
  refs.end();
  out.numbers('holds', holds);
}

interface ColumnEntry {
  readonly value: Scalar;
  readonly ids: IdSet;
}

async function writeTerms(writing: ImageWriting): Promise<ColumnHeader[]> {
  const { cache, out, pace } = writing;
  const [starts, holders] = [new NumberList(), new NumberList()];
  const sizes = new Uint32Array(cache.nodes.capacity + 1);
  const values = out.texts('values');
  const headers: ColumnHeader[] = [];
  // All of them first: facts and staged changes come and go while it is written.
  const columns = Array.from(columnsBelow(cache.dictionary.root, []));
  for (const { path, column } of columns) {
    const counts: [number, number, number, number] = [0, 0, 0, 0];
    for (const { value, ids } of await entriesOf(column, pace)) {
      counts[scalarType(value)] += 1;
      values.add(value === null ? '' : String(value));
      starts.push(holders.length);
      forEachId(ids, (id) => {
        holders.push(id);
        sizes[id] = (sizes[id] ?? 0) + 1;
      });
      if (pace.isDue()) await pace.pause();
    }
    if (counts.some((count) => count > 0)) headers.push([path, column.flavour, counts]);
  }
  starts.push(holders.length);
  values.end();
  out.numbers('holders.starts', starts.numbers());
  out.numbers('holders', holders.numbers());
  await writeTermsOf(writing, { starts: starts.numbers(), holders: holders.numbers() }, sizes);
  return headers;
}

/** The same the other way round: the terms of each entity. @param sizes how many each has */
async function writeTermsOf(
  { out, pace }: ImageWriting,
  { starts, holders }: { readonly starts: Uint32Array; readonly holders: Uint32Array },
  sizes: Uint32Array,
): Promise<void> {
  const begins = new Uint32Array(sizes.length);
  for (let id = 1; id < sizes.length; id += 1) begins[id] = (begins[id - 1] ?? 0) + (sizes[id - 1] ?? 0);
  const next = begins.slice();
  const terms = new Uint32Array(holders.length);
  for (let term = 0; term + 1 < starts.length; term += 1) {
    for (let at = starts[term] ?? 0; at < (starts[term + 1] ?? 0); at += 1) {
      const id = holders[at] ?? 0;
      terms[next[id] ?? 0] = term;
      next[id] = (next[id] ?? 0) + 1;
    }
    if (pace.isDue()) await pace.pause();
  }
  out.numbers('termsOf.starts', begins);
  out.numbers('termsOf', terms);
}

/** The terms of a column that entities have, in the order of an image. */
async function entriesOf(column: Column, pace: Pace): Promise<readonly ColumnEntry[]> {
  const entries: ColumnEntry[] = [];
  for (const { value, ids } of column.terms.entries()) {
    if (ids !== NO_IDS) entries.push({ value, ids });
    if (pace.isDue()) await pace.pause();
  }
  return pacedSort(entries, (left, right) => compareScalars(left.value, right.value), pace);
}

/** All columns but those of facts, which are made of the stored facts when they are loaded. */
function* columnsBelow(
  node: PathNode,
  path: readonly string[],
): IterableIterator<{ readonly path: readonly string[]; readonly column: Column }> {
  for (const column of node.columns()) yield { path, column };
  for (const [segment, child] of node.children) {
    if (path.length > 0 || segment !== 'facts') yield* columnsBelow(child, [...path, segment]);
  }
}

async function writeOthers({ cache, out, pace }: ImageWriting): Promise<void> {
  const digests = new NumberList();
  const texts = function* (): IterableIterator<string> {
    for (const record of cache.otherRecords()) {
      if (record.value === null) continue;
      const { high, low } = recordDigest({ ...record, value: record.value } as PresentRecord);
      digests.push(high);
      digests.push(low);
      yield JSON.stringify(record);
    }
  };
  await writeTexts(out, pace, 'records', texts());
  out.numbers('records.digests', digests.numbers());
}

async function writeTexts(out: SectionWriter, pace: Pace, name: string, texts: Iterable<string>): Promise<void> {
  const section = out.texts(name);
  for (const text of texts) {
    section.add(text);
    if (pace.isDue()) await pace.pause();
  }
  section.end();
}
