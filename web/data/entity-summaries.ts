import type { RenderedEntity } from '../../src/model/entity.ts';
import type { LiveBatch } from './live-stream.ts';
import { api } from './session.ts';
import { useResource, type Answer } from './use-resource.ts';

/** What a row or card says of an entity; the rest does not travel. */
export const SUMMARY_FIELDS = [
  'kind,metadata.name,metadata.namespace,metadata.title,metadata.description,metadata.etag,' +
    'spec.type,spec.owner,spec.lifecycle,spec.system,spec.domain,spec.target,' +
    'spec.profile.displayName,spec.profile.email',
];

/** An entity as far as `SUMMARY_FIELDS` go; null: there is none that one may see. */
export type Summary = RenderedEntity | null;

/** Refs of one request at most: the server's own limit. */
const MOST_REFS = 1000;
/** Rows and cards that ask within this time share a request. */
const GATHER_MS = 10;

interface Waiting {
  readonly promise: Promise<Summary>;
  readonly settle: (summary: Summary) => void;
  readonly fail: (error: unknown) => void;
}

/** Questions of all parts of a page about entities, joined into few requests. */
class SummaryGatherer {
  #waiting = new Map<string, Waiting>();
  #minRevision = 0;

  /** @throws ClientError */
  load(ref: string, minRevision = 0): Promise<Summary> {
    this.#minRevision = Math.max(this.#minRevision, minRevision);
    const known = this.#waiting.get(ref);
    if (known) return known.promise;
    const { promise, resolve, reject } = Promise.withResolvers<Summary>();
    if (this.#waiting.size === 0) setTimeout(() => this.#ask(), GATHER_MS);
    this.#waiting.set(ref, { promise, settle: resolve, fail: reject });
    return promise;
  }

  #ask(): void {
    const [asked, minRevision] = [[...this.#waiting], this.#minRevision];
    this.#waiting = new Map();
    this.#minRevision = 0;
    for (let from = 0; from < asked.length; from += MOST_REFS) {
      const part = asked.slice(from, from + MOST_REFS);
      const refs = part.map(([ref]) => ref);
      const body = { refs, fields: SUMMARY_FIELDS, ...(minRevision > 0 && { minRevision }) };
      api.call('POST /api/v1/entities/bulk', { body }).then(
        ({ items }) => part.forEach(([, { settle }], at) => settle(items[at] ?? null)),
        (error: unknown) => part.forEach(([, { fail }]) => fail(error)),
      );
    }
  }
}

const gatherer = new SummaryGatherer();

/** One entity, for a card. */
export function useSummary(ref: string): Answer<Summary> {
  return useResource<Summary>({
    key: `summary ${ref}`,
    load: (_, minRevision) => gatherer.load(ref, minRevision),
    isAffected: (batch) => batch.changes.some((change) => change.ref === ref),
  });
}

/** Many entities by ref, for the rows of a list; those that one may not see are not among them. */
export function useSummaries(refs: readonly string[]): Answer<ReadonlyMap<string, RenderedEntity>> {
  return useResource<ReadonlyMap<string, RenderedEntity>>({
    key: `summaries ${refs.join(' ')}`,
    load: async (_, minRevision) => {
      const summaries = await Promise.all(refs.map((ref) => gatherer.load(ref, minRevision)));
      return new Map(refs.flatMap((ref, at) => (summaries[at] ? [[ref, summaries[at]]] : [])));
    },
    isAffected: (batch: LiveBatch) => batch.changes.some((change) => refs.includes(change.ref)),
  });
}
