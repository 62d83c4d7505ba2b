import type { JsonValue } from '../../model/json.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { placeIn } from '../object-query.ts';
import type { Hit } from '../row-order.ts';
import type { CellReader } from '../running/cell-reader.ts';
import { workloadCell, type WorkloadCell } from '../running/workload-cell.ts';
import type { FactPath } from './fact-schemas.ts';
import type { LeadingService, Surroundings } from './surroundings.ts';
import type { TemplateFacts } from './template-facts.ts';

/** Facts of one entity by their paths. */
export type FactValues = Partial<Record<FactPath, JsonValue>>;

/** One workload of an entity in one cluster. */
export interface RunningCell extends Hit {
  readonly cell: WorkloadCell;
}

/** The same with what stands around it. */
export interface RunningPart extends RunningCell {
  /** Id of the word of its namespace. */
  readonly namespace: number;
  readonly name: string;
  readonly template: TemplateFacts | undefined;
  readonly services: readonly LeadingService[];
}

/** One look at the fleet, for some entities: for as long as nothing is taken in. */
export interface FactLook {
  readonly holdings: MatchedHoldings;
  readonly cells: CellReader;
  readonly surroundings: Surroundings;
  /** ms since 1970 */
  readonly now: number;
}

/** What an entity runs, by cluster. */
export function runningParts(look: FactLook, ref: string): readonly RunningPart[] {
  return runningCells(look, ref).map((own) => {
    const { place, row } = own;
    const { surroundings } = look;
    const namespace = place.shard.namespace(row);
    const template = surroundings.templateOf(place.shard, row);
    const services = template === undefined ? [] : surroundings.servicesOf(place.cluster, namespace, template.labels);
    return { ...own, namespace, name: place.shard.name(row), template, services };
  });
}

/** How the workloads of an entity do, by cluster. */
export function runningCells(look: FactLook, ref: string): readonly RunningCell[] {
  return look.holdings.matches.workloadsOf(ref, 'all').map(({ place, row, matches }) => {
    const rule = matches.find(({ claim }) => claim.ref === ref)?.rule ?? 'namespace';
    return { place, row, cell: workloadCell(look.cells, { place, row, rule }, podsOf(look, { place, row })) };
  });
}

function podsOf({ holdings }: FactLook, hit: Hit): readonly Hit[] {
  const { cluster } = hit.place;
  const kind = cluster.kinds.get('Pod');
  if (kind?.shard === undefined) return [];
  return holdings.podOwners.hitsOf(hit, placeIn(holdings.words, { cluster, kind, shard: kind.shard }, 'all'));
}
