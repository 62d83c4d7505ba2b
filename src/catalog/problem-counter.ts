import type { VolatileFact } from '../graph/view.ts';
import type { Collector, DomainContext } from '../manifest/manifest.ts';
import type { Problem } from '../model/problem.ts';
import { LEASE_MS } from './freshness.ts';
import { followGraph, type GraphFollower } from '../manifest/graph-follower.ts';
import { wholeView } from '../graph/whole-view.ts';

const COLLECTOR = 'problems';
/** What it looks at: the problems that the sources found. */
const SOURCE = 'catalog';

const PATHS = ['total', 'errors', 'warnings'] as const;

type Count = Readonly<Record<(typeof PATHS)[number], number>>;

/**
 * Says of every entity that has problems how many: `facts.problems.total`, `.errors` and `.warnings`, so that lists can be
 * narrowed and sorted by them. A count of none is absent. The problems themselves stay behind their own permission.
 */
export const problemCounter: Collector = {
  id: COLLECTOR,
  description: 'How many problems the descriptor of an entity has.',
  facts: [
    { path: 'total', type: 'number', description: 'Problems of its descriptor; absent: none.', volatile: true },
    { path: 'errors', type: 'number', description: 'Errors among them; absent: none.', volatile: true },
    { path: 'warnings', type: 'number', description: 'Warnings among them; absent: none.', volatile: true },
  ],
  run: async (context, signal) => {
    const counts = new ProblemCounts(context);
    const count = (): Promise<void> => Promise.resolve(counts.take());
    const follower: GraphFollower = {
      // Entities come and go without any problem of theirs changing: only those are followed.
      where: { op: 'constant', value: false },
      everything: count,
      changed: () => Promise.resolve(),
      sourcesChanged: count,
    };
    await Promise.all([followGraph(context, follower, signal), keepLease(counts, context, signal)]);
  },
};

async function keepLease(counts: ProblemCounts, { clock }: DomainContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // An aborted wait ends the loop by its condition.
    await clock.sleep(LEASE_MS / 3, signal).catch(() => undefined);
    if (!signal.aborted) counts.renewLease();
  }
}

/** What was counted last, as facts of the graph. */
class ProblemCounts {
  readonly #context: DomainContext;
  #told: ReadonlyMap<string, Count> | undefined;

  constructor(context: DomainContext) {
    this.#context = context;
  }

  /** Counts again; writes only what differs, so that the writing itself is no news. */
  take(): void {
    const before = this.#told ?? new Map<string, Count>();
    const now = countProblems(wholeView(this.#context.graph).problems());
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter(
      (ref) => !isSameCount(before.get(ref), now.get(ref)),
    );
    const isFirst = this.#told === undefined;
    this.#told = now;
    if (changed.length === 0 && !isFirst) return;
    this.#set(changed.flatMap((entityRef) => factsOf(entityRef, now.get(entityRef))));
  }

  /** Says that what was counted holds for another while. */
  renewLease(): void {
    if (this.#told !== undefined) this.#set([]);
  }

  #set(facts: readonly VolatileFact[]): void {
    const { graph, clock } = this.#context;
    graph.setVolatileFacts(COLLECTOR, SOURCE, { expiresAt: clock.now() + LEASE_MS }, facts);
  }
}

function countProblems(problems: readonly Problem[]): ReadonlyMap<string, Count> {
  const counts = new Map<string, Count>();
  for (const { entityRef, severity } of problems) {
    if (entityRef === undefined) continue;
    const { total, errors, warnings } = counts.get(entityRef) ?? { total: 0, errors: 0, warnings: 0 };
    const isError = severity === 'error';
    const count = { total: total + 1, errors: errors + (isError ? 1 : 0), warnings: warnings + (isError ? 0 : 1) };
    counts.set(entityRef, count);
  }
  return counts;
}

function isSameCount(one: Count | undefined, other: Count | undefined): boolean {
  return one?.errors === other?.errors && one?.warnings === other?.warnings;
}

function factsOf(entityRef: string, count: Count | undefined): readonly VolatileFact[] {
  return PATHS.map((path) => ({ entityRef, path, value: count?.[path] || undefined }));
}
