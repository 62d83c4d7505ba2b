import type { Batch } from '../../src/fleet/batch.ts';
import { operation } from '../../src/fleet/batch.ts';
import type { ClusterFace } from '../../src/fleet/cluster-face.ts';
import { columnsOf, liveKinds } from '../../src/live/kind-table.ts';
import type { Cell } from '../../src/live/column.ts';
import type { LiveKind } from '../../src/live/live-kind.ts';

/** Cells of an object by column; those of its kind that are not named have no value. */
export type CellsByColumn = Readonly<Record<string, Cell>>;

/** The live kind of an id. */
export function kindOf(id: string): LiveKind {
  const kind = liveKinds.find((one) => one.id === id);
  if (kind === undefined) throw new Error(`There is no kind ${id}`);
  return kind;
}

/** What is said of a cluster in tests. */
export function faceOf(name: string, parts: Partial<ClusterFace> = {}): ClusterFace {
  return {
    name,
    origin: 'test',
    server: `https://${name}.example.com`,
    labels: {},
    isProtected: false,
    warnings: [],
    generation: 1,
    ...parts,
  };
}

/** A batch as a reader sends it. @param rows objects to put, or `['delete', object]` */
export function batchOf(
  place: Pick<Batch, 'cluster' | 'kind'> & Partial<Batch>,
  rows: readonly (CellsByColumn | readonly ['delete', CellsByColumn])[],
): Batch {
  const columns = columnsOf(kindOf(place.kind));
  const texts: string[] = [];
  const cells = rows.flatMap((row) => {
    const isDeleted = Array.isArray(row);
    const object = (isDeleted ? row[1] : row) as CellsByColumn;
    const values = columns.map(({ name }) => {
      const cell = object[name];
      return typeof cell === 'string' ? texts.push(cell) - 1 : (cell ?? Number.NaN);
    });
    return [isDeleted ? operation.delete : operation.put, ...values];
  });
  return {
    type: 'batch',
    generation: 1,
    step: 'changes',
    isFirst: false,
    receivedAt: 0,
    texts,
    cells: new Float64Array(cells),
    rows: rows.length,
    ...place,
  };
}
