import type { Hash64 } from '../base/digest.ts';
import type { SectionFile } from '../base/section-file.ts';
import type { Change } from '../model/change.ts';
import type { FieldPath } from '../model/predicate.ts';
import { IdLists } from './id-lists.ts';
import { ImageColumn, type TypeCounts } from './image-column.ts';
import { ImageNodes, textsOf } from './image-nodes.ts';
import { ImageRelations, type RelationTypeHeader } from './image-relations.ts';
import type { Flavour } from './term.ts';

/** One column as an image's header has it; columns stand in the order of their terms. */
export type ColumnHeader = readonly [path: FieldPath, kind: Flavour, counts: TypeCounts];

/** What an image was made of; another one is of no use where any of it differs. */
export interface ImageOrigin {
  /** Of the program that made it: another one may index otherwise. */
  readonly build: string;
  /** Of the store. */
  readonly epoch: string;
}

/** The header of an image file. */
export interface ImageHeader extends ImageOrigin {
  readonly revision: number;
  /** When the transaction of that revision was committed: an older copy of a database goes on otherwise. */
  readonly committedAt: number;
  /** Digest of the entities that stand in columns. */
  readonly entityDigest: string;
  readonly columns: readonly ColumnHeader[];
  readonly relationTypes: readonly RelationTypeHeader[];
}

/** A column with its place. */
export interface LoadedColumn {
  readonly path: FieldPath;
  readonly kind: Flavour;
  readonly column: ImageColumn;
}

/**
 * The watch cache at one revision in a file: entities, terms and edges as columns of bytes and numbers that are read
 * where they stand. Loading costs next to nothing an entity; what an answer needs is made when it is first asked for.
 */
export class CacheImage {
  readonly header: ImageHeader;
  readonly nodes: ImageNodes;
  readonly relations: ImageRelations;
  readonly byteLength: number;
  readonly #file: SectionFile;

  /** @throws RangeError where the file lacks a section */
  constructor(file: SectionFile) {
    this.header = file.header as ImageHeader;
    this.nodes = new ImageNodes(file);
    this.relations = new ImageRelations(file, this.header.relationTypes);
    this.byteLength = file.byteLength;
    this.#file = file;
  }

  /** The columns of the dictionary, those of facts excepted. */
  *columns(): IterableIterator<LoadedColumn> {
    const holders = new IdLists(this.#file.integers('holders.starts'), this.#file.integers('holders'));
    const terms = { texts: textsOf(this.#file, 'values'), holders };
    let first = 0;
    for (const [path, kind, counts] of this.header.columns) {
      const column = new ImageColumn(terms, first, counts);
      yield { path, kind, column };
      first += column.size;
    }
  }

  /** All other records: facts, leases, problems, locations, and entities whose body cannot be read. */
  records(): Change[] {
    const texts = textsOf(this.#file, 'records');
    return Array.from({ length: texts.length }, (_, index) => JSON.parse(texts.at(index)) as Change);
  }

  /** The digests of `records`, in their order. */
  digests(): readonly Hash64[] {
    const numbers = this.#file.integers('records.digests');
    return Array.from({ length: numbers.length / 2 }, (_, index) => ({
      high: numbers[index * 2] ?? 0,
      low: numbers[index * 2 + 1] ?? 0,
    }));
  }
}
