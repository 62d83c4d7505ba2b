import type { CatalogConfig } from '../config/config.ts';
import type { DomainContext } from '../manifest/manifest.ts';
import type { KindDefinition } from '../model/kinds.ts';
import { DanglingRelations } from './dangling-relations.ts';
import { Ingester } from './ingester.ts';
import { kindSet } from './kind-set.ts';
import { SourceSet, type SourceFactory } from './source-set.ts';

/** Relations are checked once every source had its first look, or after this time. */
const SETTLE_MS = 20_000;

/** What ingestion works with. */
export interface IngestionOptions {
  readonly settings: CatalogConfig;
  readonly kinds: readonly KindDefinition[];
  readonly open: SourceFactory;
}

/** The parts of a running ingestion. */
export interface Ingestion {
  readonly context: DomainContext;
  readonly ingester: Ingester;
  readonly sources: SourceSet;
}

/**
 * Runs all sources and what depends on all of them, until the signal aborts: locations of sources that are gone go once
 * every source has had its first look (so that a file which another source has too stays), and relations are checked
 * from then on.
 *
 * @param onStart is given the parts before the first source is read
 */
export async function ingest(
  options: IngestionOptions,
  context: DomainContext,
  signal: AbortSignal,
  onStart: (ingestion: Ingestion) => void = () => undefined,
): Promise<void> {
  const { settings, kinds, open } = options;
  const ingester = new Ingester(context, { sources: [], keepsOrphans: settings.orphanStrategy === 'keep' });
  const sources = new SourceSet({ context, ingester, kinds: kindSet(kinds), settings, open });
  onStart({ context, ingester, sources });
  const dangling = new DanglingRelations(context, kinds, ingester);
  const settled = new AbortController();
  // What fails takes the rest with it: it is started again, and nothing of the old may still be at work then.
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const over = AbortSignal.any([running, settled.signal]);
  // A repository may take minutes to come; the relations of all else need not wait for it.
  const checking = context.clock.sleep(SETTLE_MS, over).catch(() => undefined);
  const parts = [
    sources.run(running, () => settled.abort()),
    checking.then(() => (running.aborted ? undefined : dangling.run(running))),
  ];
  try {
    await Promise.all(parts);
  } finally {
    stop.abort();
    await Promise.allSettled(parts);
    await sources.ended();
  }
}
