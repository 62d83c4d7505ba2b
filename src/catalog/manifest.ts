import type { CatalogLocation } from '../config/config.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { builtinKinds } from '../model/builtin-kinds.ts';
import type { KindDefinition } from '../model/kinds.ts';
import { completenessCollector } from './completeness.ts';
import { FileSource } from './file-source.ts';
import { ingest } from './ingestion.ts';
import { catalogRoutes } from './routes/routes.ts';
import { CATALOG_COLLECTOR } from './source-runner.ts';

/** What the catalog is made of. */
export interface CatalogOptions {
  readonly locations: readonly CatalogLocation[];
  /** Kinds that other manifests declare; descriptors may be of these too. */
  readonly foreignKinds?: readonly KindDefinition[] | undefined;
}

/** The catalog domain: descriptors from files become entities, with their problems and their completeness. */
export function createCatalog(options: CatalogOptions): Manifest {
  const kinds = [...builtinKinds, ...(options.foreignKinds ?? [])];
  return {
    id: 'catalog',
    title: 'Catalog',
    kinds: builtinKinds,
    collectors: [
      {
        id: CATALOG_COLLECTOR,
        description: 'Reads the configured catalog locations and keeps entities, problems and freshness in step.',
        facts: [],
        run: (context, signal) => ingest(sourcesOf(options.locations), kinds, context, signal),
      },
      completenessCollector,
    ],
    routes: catalogRoutes,
    pages: [
      { path: '/catalog', title: 'Catalog' },
      { path: '/problems', title: 'Problems' },
      { path: '/sources', title: 'Sources' },
    ],
  };
}

/** One source a target; a target that is configured twice is read once. */
function sourcesOf(locations: readonly CatalogLocation[]): readonly FileSource[] {
  const originByTarget = new Map<string, string>();
  for (const { target, origin } of locations) {
    if (!originByTarget.has(target)) originByTarget.set(target, origin);
  }
  return [...originByTarget].map(([target, origin]) => new FileSource(target, origin));
}
