import { Slots } from '../base/slots.ts';
import type { CatalogConfig } from '../config/config.ts';
import { withoutCredentials } from '../git/repository-url.ts';
import type { View } from '../graph/view.ts';
import type { JsonValue } from '../model/json.ts';
import type { KindDefinition } from '../model/kinds.ts';
import type { UrlReader } from '../url/url-reader.ts';
import { ancestryOf } from './ancestry.ts';
import type {
  CatalogControl,
  LocationPreview,
  LocationSpec,
  RefreshReport,
  RefreshTarget,
  Registration,
  SourceLooks,
} from './control.ts';
import { describeDocument } from './descriptor.ts';
import { failure } from './errors.ts';
import type { Finding } from './finding.ts';
import { parseGitLocation } from './git-location.ts';
import { includeUrl } from './included-url.ts';
import type { Ingestion } from './ingestion.ts';
import { kindSet } from './kind-set.ts';
import type { Included } from './placeholders.ts';
import { previewLocation } from './preview.ts';
import { CONFIGURED, generatedRef, generatedWrite, locationRef, locationsAt, REGISTERED } from './registration.ts';
import type { SourceFactory } from './source-set.ts';
import { prepareKinds } from './validate.ts';
import { wholeView } from '../graph/whole-view.ts';

/** Types that may be registered; what lies on the server itself only the configuration can name. */
const REGISTRABLE: readonly string[] = ['url', 'git'];
/** Previews at a time; others wait. */
const MAX_PREVIEWS = 2;
/** Rounds of fetching what placeholders stand for. */
const MAX_ROUNDS = 3;

/** What the control works with. */
export interface RunningCatalogOptions {
  readonly settings: CatalogConfig;
  readonly kinds: readonly KindDefinition[];
  readonly urls: UrlReader;
  /** Makes sources that share nothing with those that run. */
  readonly openApart: SourceFactory;
}

/** The catalog's control, attached to its ingestion while that runs. */
export class RunningCatalog implements CatalogControl {
  readonly #options: RunningCatalogOptions;
  readonly #previews = new Slots(MAX_PREVIEWS);
  #ingestion: Ingestion | undefined;

  constructor(options: RunningCatalogOptions) {
    this.#options = options;
  }

  /** Takes over what runs now; `undefined`: nothing does. */
  attach(ingestion: Ingestion | undefined): void {
    this.#ingestion = ingestion;
  }

  registrations(view: View): readonly Registration[] {
    return locationsAt(view, REGISTERED);
  }

  async preview(spec: LocationSpec, view: View, signal: AbortSignal): Promise<LocationPreview> {
    assertRegistrable(spec);
    const { context } = this.#running();
    const { settings, kinds, openApart } = this.#options;
    const slot = await this.#previews.take(signal);
    try {
      const exists = this.#owner(spec) !== undefined;
      const parts = { context, kinds: kindSet(kinds), settings, open: openApart, exists };
      return await previewLocation(spec, { ...parts, view: () => context.graph.view(view.visibility) }, signal);
    } finally {
      slot.release();
    }
  }

  async register(spec: LocationSpec): Promise<Registration> {
    const { context, sources } = this.#writable(spec);
    const owner = this.#owner(spec);
    if (owner !== undefined) throw failure('LOCATION_EXISTS', { location: locationRef(spec), entityRef: owner });
    const ref = freeRef(wholeView(context.graph), locationRef(spec));
    await context.write([generatedWrite(spec, REGISTERED, ref)]);
    await sources.sync();
    return this.#registrationOf(ref);
  }

  async relocate(id: string, spec: LocationSpec): Promise<Registration> {
    const { context, sources } = this.#writable(spec);
    const { entityRef } = this.#registration(id);
    const owner = this.#owner(spec);
    if (owner !== undefined && owner !== entityRef) {
      throw failure('LOCATION_EXISTS', { location: locationRef(spec), entityRef: owner });
    }
    await context.write([generatedWrite(spec, REGISTERED, entityRef)]);
    await sources.sync();
    return this.#registrationOf(entityRef);
  }

  previewRemoval(id: string, view: View): readonly string[] {
    const { sources } = this.#running();
    const registration = this.#registration(id);
    // Where orphans are kept, what came from it stays as such.
    const isKept = this.#options.settings.orphanStrategy === 'keep';
    const going = isKept ? new Set<string>() : sources.sourcesOnlyOf(locationRef(registration));
    const refs = view
      .list({ limit: Number.MAX_SAFE_INTEGER })
      .ids.filter((entity) => going.has(view.declaration(entity).source))
      .map((entity) => view.refOf(entity));
    return view.find(registration.entityRef) === undefined ? refs : [registration.entityRef, ...refs];
  }

  async unregister(id: string): Promise<void> {
    const { context, sources } = this.#writable();
    const { entityRef } = this.#registration(id);
    await context.write([{ op: 'deleteEntity', ref: entityRef, location: REGISTERED }]);
    await sources.sync();
  }

  async refresh(target: RefreshTarget, view: View, waitMs: number): Promise<RefreshReport | undefined> {
    const { sources } = this.#running();
    const locations = 'entityRef' in target ? locationsAbove(view, target.entityRef) : [target.location];
    const known = locations?.filter((location) => sources.sourceOf(location) !== undefined);
    if (known === undefined || (known.length === 0 && 'location' in target)) return undefined;
    return sources.refresh(known, waitMs);
  }

  looksOf(source: string): SourceLooks {
    return this.#ingestion?.sources.looksOf(source) ?? {};
  }

  async removeEntity(ref: string): Promise<void> {
    const { context, ingester } = this.#writable();
    const view = wholeView(context.graph);
    const id = view.find(ref);
    if (id === undefined) return;
    if (view.declaration(id).location === REGISTERED) await this.unregister(view.subject(id).entity.metadata.uid ?? '');
    else await ingester.removeEntity(ref);
  }

  async validate(entity: JsonValue, location: string, signal: AbortSignal): Promise<readonly Finding[]> {
    const { urls, kinds, settings } = this.#options;
    const base = location.slice(location.indexOf(':') + 1);
    if (!location.startsWith('url:') || !URL.canParse(base)) throw failure('LOCATION_TARGET_INVALID', { location });
    const checks = prepareKinds(kinds);
    const texts = new Map<string, Included>();
    const from = {
      location,
      origin: location,
      mode: 'named' as const,
      exact: settings.exact,
      include: (target: string) => texts.get(target),
    };
    const document = { line: 1, value: entity, place: () => ({ line: 1, column: 1 }) };
    let described = describeDocument(document, from, checks);
    for (let round = 0; described.unknownIncludes.length > 0 && round < MAX_ROUNDS; round += 1) {
      for (const target of described.unknownIncludes) texts.set(target, await includeUrl(urls, target, base, signal));
      described = describeDocument(document, from, checks);
    }
    return described.findings;
  }

  #running(): Ingestion {
    if (this.#ingestion === undefined) throw failure('CATALOG_NOT_RUNNING');
    return this.#ingestion;
  }

  #writable(spec?: LocationSpec): Ingestion {
    if (this.#options.settings.readonly) throw failure('CATALOG_READONLY');
    if (spec !== undefined) assertRegistrable(spec);
    return this.#running();
  }

  /** Ref of the Location entity that has a type and target already, configured or registered. */
  #owner(spec: LocationSpec): string | undefined {
    const view = wholeView(this.#running().context.graph);
    const all = [...locationsAt(view, REGISTERED), ...locationsAt(view, CONFIGURED)];
    return all.find((known) => locationRef(known) === locationRef(spec))?.entityRef;
  }

  #registration(id: string): Registration {
    const view = wholeView(this.#running().context.graph);
    const found = locationsAt(view, REGISTERED).find((known) => known.id === id);
    if (found === undefined) throw failure('LOCATION_UNKNOWN', { id });
    return found;
  }

  #registrationOf(entityRef: string): Registration {
    const view = wholeView(this.#running().context.graph);
    const found = locationsAt(view, REGISTERED).find((known) => known.entityRef === entityRef);
    if (found === undefined) throw failure('LOCATION_UNKNOWN', { id: entityRef });
    return found;
  }
}

/** @throws LOCATION_TYPE_REFUSED, LOCATION_TARGET_INVALID */
function assertRegistrable({ type, target }: LocationSpec): void {
  if (!REGISTRABLE.includes(type)) throw failure('LOCATION_TYPE_REFUSED', { type, types: REGISTRABLE.join(', ') });
  const isReadable = type === 'git' ? isRemoteRepository(target) : isPlainUrl(target);
  const location = withoutCredentials(locationRef({ type, target }));
  if (!isReadable) throw failure('LOCATION_TARGET_INVALID', { location });
}

/** Whoever sees the catalog sees the target: no credentials stand in it. */
function isPlainUrl(target: string): boolean {
  const url = URL.parse(target);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

function isRemoteRepository(target: string): boolean {
  const parsed = parseGitLocation({ type: 'git', target }, []);
  return parsed?.ok === true && parsed.location.repository.host !== undefined;
}

/** A location that was moved keeps its first name: then the next of the same target needs another. */
function freeRef(view: View, location: string): string {
  let ref = generatedRef(location);
  for (let number = 2; view.find(ref) !== undefined; number += 1) ref = generatedRef(`${location}#${number}`);
  return ref;
}

/** The locations that an entity comes from, its own first; `undefined` where the view has no such entity. */
function locationsAbove(view: View, ref: string): readonly string[] | undefined {
  return ancestryOf(view, ref)?.flatMap((ancestor) => {
    const id = view.find(ancestor.ref);
    if (id === undefined) return [];
    const { location } = view.declaration(id);
    const { annotations } = view.subject(id).entity.metadata;
    const isGenerated = location === CONFIGURED || location === REGISTERED;
    return isGenerated ? (annotations?.['backstage.io/managed-by-location'] ?? []) : location;
  });
}
