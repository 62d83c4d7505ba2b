import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { AllowedHost, CatalogConfig } from '../config/config.ts';
import type { SecretText } from '../config/secret-text.ts';
import type { GitMirrors } from '../git/git-mirrors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { builtinKinds } from '../model/builtin-kinds.ts';
import type { KindDefinition } from '../model/kinds.ts';
import { createUrlReader } from '../url/url-reader.ts';
import { completenessCollector } from './completeness.ts';
import type { CatalogControl } from './control.ts';
import { ingest } from './ingestion.ts';
import { sourceFactory } from './open-source.ts';
import { catalogPermissions } from './permissions.ts';
import { problemCounter } from './problem-counter.ts';
import { catalogRoutes } from './routes/routes.ts';
import { RunningCatalog } from './running-catalog.ts';
import { CATALOG_COLLECTOR } from './source-runner.ts';

/** What the catalog is made of. */
export interface CatalogOptions {
  readonly settings: CatalogConfig;
  /** Which http(s) URLs may be read. */
  readonly allow: readonly AllowedHost[];
  /** Where git repositories are kept; absent: none is read. */
  readonly mirrors?: GitMirrors | undefined;
  /** Kinds that other manifests declare; descriptors may be of these too. */
  readonly foreignKinds?: readonly KindDefinition[] | undefined;
  /** Reads the tokens of `allow`; absent: none is sent. */
  readonly textOf?: ((credential: SecretText) => string) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The catalog: its manifest, and how routes work its sources while it runs. */
export interface Catalog {
  readonly manifest: Manifest;
  readonly control: CatalogControl;
}

/** The catalog domain: descriptors from files become entities, with their problems and their completeness. */
export function createCatalog(options: CatalogOptions): Catalog {
  const { settings, allow, mirrors, foreignKinds = [], textOf, clock, log } = options;
  const kinds = [...builtinKinds, ...foreignKinds];
  const urls = createUrlReader({ allow, textOf, clock, log });
  const open = sourceFactory({ settings, allow, urls, mirrors });
  const control = new RunningCatalog({ settings, kinds, urls, openApart: open });
  const manifest: Manifest = {
    id: 'catalog',
    title: 'Catalog',
    permissions: catalogPermissions,
    kinds: builtinKinds,
    collectors: [
      {
        id: CATALOG_COLLECTOR,
        description: 'Reads the catalog locations and keeps entities, problems and freshness in step.',
        facts: [],
        run: async (context, signal) => {
          try {
            await ingest({ settings, kinds, open }, context, signal, (running) => control.attach(running));
          } finally {
            control.attach(undefined);
          }
        },
      },
      completenessCollector,
      problemCounter,
    ],
    routes: catalogRoutes(control, settings),
    pages: [
      { path: '/catalog', title: 'Catalog' },
      { path: '/problems', title: 'Problems' },
      { path: '/sources', title: 'Sources' },
    ],
  };
  return { manifest, control };
}
