import type { DomainContext } from '../manifest/manifest.ts';
import type { CatalogConfig } from '../config/config.ts';
import type { View } from '../graph/view.ts';
import type { Entity } from '../model/entity.ts';
import { allowedKinds } from './allowed-kinds.ts';
import type { LocationPreview, LocationSpec, PreviewedEntity } from './control.ts';
import type { DeclaredEntity } from './descriptor.ts';
import { errorMessage } from '../base/errors.ts';
import type { Finding } from './finding.ts';
import type { KindSet } from './kind-set.ts';
import { generatedEntity, generatedRef, locationRef } from './registration.ts';
import type { LocationReading, SourceContext, SourceEvent, SourceRoot, TargetLink } from './source.ts';
import type { SourceFactory } from './source-set.ts';

/** Most entities, and most sources one leading to the other, of a preview. */
const MAX_ENTITIES = 10_000;
const MAX_SOURCES = 50;

/** Said where a preview is not all of it. */
const CUT: Finding = {
  code: 'preview-limit',
  severity: 'warning',
  message: `The preview ends after ${MAX_ENTITIES} entities or ${MAX_SOURCES} sources; registering reads all`,
};

/** What a preview works with. */
export interface PreviewOptions {
  readonly context: DomainContext;
  readonly kinds: KindSet;
  readonly settings: CatalogConfig;
  /** Makes sources that share nothing with those that run. */
  readonly open: SourceFactory;
  /** What exists already, as far as the asker may see it. */
  readonly view: () => View;
  readonly exists: boolean;
}

/** Reads a location and what it leads to, once, without storing anything. */
export async function previewLocation(
  spec: LocationSpec,
  options: PreviewOptions,
  signal: AbortSignal,
): Promise<LocationPreview> {
  const entityRef = generatedRef(locationRef(spec));
  const readings: LocationReading[] = [];
  const findings: LocationPreview['findings'][number][] = [];
  const named = { configuredAt: 'to be registered', optional: spec.presence === 'optional' };
  const origin = locationRef(spec);
  const roots = new Map<string, SourceRoot>([
    [origin, { location: origin, origin, parentEntity: entityRef, ...named }],
  ]);
  // The map grows while it is walked.
  let isCut = false;
  for (const root of roots.values()) {
    if (countEntities(readings) > MAX_ENTITIES) {
      isCut = true;
      break;
    }
    try {
      for (const [location, link] of await readRoot(root, options, readings, signal)) {
        if (roots.has(link.location)) continue;
        isCut ||= roots.size >= MAX_SOURCES;
        if (roots.size >= MAX_SOURCES) break;
        const { entityRef: parentEntity, optional } = link;
        const linked = { location: link.location, origin, parent: location, parentEntity, optional };
        roots.set(link.location, { ...linked, configuredAt: `named by ${parentEntity}` });
      }
    } catch (thrown) {
      signal.throwIfAborted();
      const message = errorMessage(thrown);
      findings.push({ code: 'source-unreadable', severity: 'error', message, location: root.location });
    }
  }
  if (isCut) findings.push({ ...CUT, location: origin });
  for (const { location, findings: own } of readings) findings.push(...own.map((one) => ({ ...one, location })));
  const view = options.view();
  const generated = generatedEntity(spec);
  const entities = [
    previewed(view, { ref: entityRef, body: JSON.stringify(generated), hash: '', line: 1 }, origin),
    ...readings.flatMap(({ location, parentEntity, entities: own }) =>
      own.map((entity) => ({ ...previewed(view, entity, location), parentEntity })),
    ),
  ];
  return { location: { ...spec, entityRef }, exists: options.exists, entities, findings };
}

/** Reads one root until it has told everything. @returns its links, by the location that has them */
async function readRoot(
  root: SourceRoot,
  { context, kinds, settings, open }: PreviewOptions,
  readings: LocationReading[],
  signal: AbortSignal,
): Promise<readonly (readonly [string, TargetLink])[]> {
  const links: (readonly [string, TargetLink])[] = [];
  const sourceContext: SourceContext = {
    clock: context.clock,
    log: context.log,
    kinds,
    allowed: allowedKinds(root.origin, false, settings.rules),
    exact: settings.exact,
    known: () => undefined,
    knownLocations: () => [],
    linksOf: () => [],
  };
  const stop = new AbortController();
  const take = (event: SourceEvent): boolean => {
    if (event.type === 'read') readings.push(event.reading);
    if (event.type === 'links') links.push(...event.links.map((link) => [event.location, link] as const));
    return event.type === 'synced' || countEntities(readings) > MAX_ENTITIES;
  };
  try {
    for await (const events of open(root).read(sourceContext, AbortSignal.any([signal, stop.signal]))) {
      if (events.map(take).includes(true)) break;
    }
  } finally {
    stop.abort();
  }
  return links;
}

function countEntities(readings: readonly LocationReading[]): number {
  return readings.reduce((sum, reading) => sum + reading.entities.length, 0);
}

function previewed(view: View, { ref, body, line }: DeclaredEntity, location: string): PreviewedEntity {
  const entity = JSON.parse(body) as Entity;
  const id = view.find(ref);
  if (id === undefined) return { ref, entity, location, line, change: 'create' };
  const owner = view.declaration(id);
  if (owner.location !== location) {
    const { location: by, line: at } = owner;
    return { ref, entity, location, line, change: 'conflict', owner: { location: by, line: at } };
  }
  return { ref, entity, location, line, change: isSame(view, id, entity) ? 'unchanged' : 'update' };
}

function isSame(view: View, id: number, entity: Entity): boolean {
  const { entity: present } = view.subject(id);
  const { uid: _serverMade, ...metadata } = present.metadata;
  return JSON.stringify({ ...present, metadata }) === JSON.stringify(entity);
}
