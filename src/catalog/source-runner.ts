import { CallboardError, errorMessage } from '../base/errors.ts';
import type { DomainContext } from '../manifest/manifest.ts';
import type { AllowedKind } from '../model/catalog-rule.ts';
import type { Lease } from '../model/fact.ts';
import type { Write } from '../store/store.ts';
import { maskSecrets } from '../telemetry/mask.ts';
import type { Finding } from './finding.ts';
import { failedLease, renewedLease } from './freshness.ts';
import type { Ingester } from './ingester.ts';
import type { KindSet } from './kind-set.ts';
import type { CatalogSource, SourceContext, SourceEvent, TargetLink } from './source.ts';
import { wholeView } from '../graph/whole-view.ts';

/** The collector that leases of sources belong to. */
export const CATALOG_COLLECTOR = 'catalog';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** What running a source takes. */
export interface SourceRunOptions {
  readonly ingester: Ingester;
  readonly context: DomainContext;
  readonly kinds: KindSet;
  readonly allowed: readonly AllowedKind[] | undefined;
  readonly exact: boolean;
  /** Called when the source has told everything, or has failed: then with the time until it is tried again, ms. */
  readonly onLook: (retryMs?: number) => void;
  /** Called with what a location links to elsewhere; gone locations link to nothing. */
  readonly onLinks: (location: string, links: readonly TargetLink[]) => void;
  /** What was given to it last. */
  readonly linksOf: (location: string) => readonly TargetLink[];
  /** Called with locations that were looked at again, after what they said was written. */
  readonly onRefreshed: (locations: readonly string[]) => void;
  /** Resolves when the wait after a failure is to end early. */
  readonly retry: (signal: AbortSignal) => Promise<void>;
}

/**
 * Runs one source until the signal aborts. A failure keeps what the source told before, is shown as the source's
 * problem and in its lease, and the source is started again with growing, jittered waits.
 */
export async function runSource(source: CatalogSource, options: SourceRunOptions, signal: AbortSignal): Promise<void> {
  const { clock, log } = options.context;
  let failures = 0;
  let said: string | undefined;
  while (!signal.aborted) {
    try {
      await pump(source, options, signal, () => {
        failures = 0;
        said = undefined;
      });
    } catch (thrown) {
      if (signal.aborted) return;
      failures += 1;
      const reason = maskSecrets(errorMessage(thrown));
      // What is wrong outside is said once and needs no stack; it stands in the source's problem all the while.
      const fault = thrown instanceof CallboardError ? { reason } : { err: thrown };
      log[reason === said ? 'debug' : 'warn']({ source: source.id, failures, ...fault }, 'catalog source failed');
      said = reason;
      await noteFailure(source, options, reason);
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) * (0.5 + clock.random() / 2);
      options.onLook(wait);
      const over = new AbortController();
      const ended = AbortSignal.any([signal, over.signal]);
      // An aborted wait ends the loop by its condition.
      const waited = clock.sleep(wait, ended).catch(() => undefined);
      await Promise.race([waited, options.retry(ended)]);
      over.abort();
    }
  }
}

/** Reads the next batch while the last one is written. */
async function pump(
  source: CatalogSource,
  options: SourceRunOptions,
  signal: AbortSignal,
  onSynced: () => void,
): Promise<void> {
  // A failed write must also end the reading that goes on beside it, which may be waiting for a change.
  const stop = new AbortController();
  const iterator = source
    .read(sourceContext(source, options), AbortSignal.any([signal, stop.signal]))
    [Symbol.asyncIterator]();
  try {
    let next = await iterator.next();
    while (!next.done) {
      const events = next.value;
      const written = take(source, options, events).then(() => {
        if (events.some((event) => event.type === 'synced')) onSynced();
      });
      [next] = await Promise.all([iterator.next(), written]);
    }
  } finally {
    stop.abort();
    await iterator.return?.();
  }
}

function sourceContext(source: CatalogSource, options: SourceRunOptions): SourceContext {
  const { ingester, context, kinds, allowed, exact } = options;
  return {
    clock: context.clock,
    log: context.log,
    kinds,
    allowed,
    exact,
    known: (location) => {
      const state = ingester.known(location);
      return state?.source === source.id ? state : undefined;
    },
    knownLocations: () => [...ingester.locations()].filter((state) => state.source === source.id),
    linksOf: options.linksOf,
  };
}

async function take(source: CatalogSource, options: SourceRunOptions, events: readonly SourceEvent[]): Promise<void> {
  await options.ingester.apply(source, events);
  for (const event of events) {
    if (event.type === 'links') options.onLinks(event.location, event.links);
    else if (event.type === 'gone') options.onLinks(event.location, []);
    else if (event.type === 'refreshed') options.onRefreshed(event.locations);
    else if (event.type === 'unreadable') {
      await options.ingester.write(() => failedLeaseWrites(source, options, maskSecrets(event.reason)));
      options.onLook(event.retryMs);
    }
    if (event.type !== 'synced') continue;
    options.context.log.debug({ source: source.id, ignored: event.ignored }, 'catalog source synced');
    await options.ingester.write(() => [
      ...problemWrites(source, options, []),
      ...leaseWrites(renewedLease(leaseKeyOf(source), leaseOf(source, options), options.context.clock.now())),
    ]);
    options.onLook();
  }
}

async function noteFailure(source: CatalogSource, options: SourceRunOptions, reason: string): Promise<void> {
  const finding: Finding = {
    code: 'source-unreadable',
    severity: 'error',
    message: reason,
    fix: `Correct the location (${source.root.configuredAt}); what it held before is kept until it can be read`,
  };
  try {
    await options.ingester.write(() => [
      ...problemWrites(source, options, [finding]),
      ...failedLeaseWrites(source, options, reason),
    ]);
  } catch (thrown) {
    // Where the store itself is what fails there is nowhere to note it but the log.
    options.context.log.error({ source: source.id, err: thrown }, 'failure of a catalog source could not be stored');
  }
}

function problemWrites(
  source: CatalogSource,
  options: SourceRunOptions,
  findings: readonly Finding[],
): readonly Write[] {
  const place = { source: source.id, location: source.id, now: options.context.clock.now() };
  return options.ingester.problems.replace(place, findings, (problem) => problem.code === 'source-unreadable');
}

function leaseWrites(lease: Lease | undefined): readonly Write[] {
  return lease === undefined ? [] : [{ op: 'putLease', lease }];
}

function failedLeaseWrites(source: CatalogSource, options: SourceRunOptions, reason: string): readonly Write[] {
  const { clock } = options.context;
  return leaseWrites(failedLease(leaseKeyOf(source), leaseOf(source, options), clock.now(), reason));
}

function leaseKeyOf(source: CatalogSource): { readonly collector: string; readonly source: string } {
  return { collector: CATALOG_COLLECTOR, source: source.id };
}

function leaseOf(source: CatalogSource, { context }: SourceRunOptions): Lease | undefined {
  return wholeView(context.graph)
    .leases()
    .find((lease) => lease.collector === CATALOG_COLLECTOR && lease.source === source.id);
}
