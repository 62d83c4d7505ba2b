import { getUi, type Ui, type UiPage } from '../api/ui.ts';
import type { Config } from '../config/config.ts';
import type { Manifest, Route } from '../manifest/manifest.ts';
import { compactionCollector } from './compaction.ts';

/** What the server says of itself to the web interface. */
export interface UiOptions {
  readonly config: Config;
  readonly version: string;
  /** Called when asked: the pages are known once all manifests are composed. */
  pages(): readonly UiPage[];
}

/** The server's own manifest: health, metrics, the event stream, what the web interface starts from. */
export function serverManifest(routes: readonly Route[], ui: UiOptions): Manifest {
  return {
    id: 'server',
    title: 'Server',
    collectors: [compactionCollector],
    routes: [...routes, uiRoute(ui)],
  };
}

function uiRoute({ config, version, pages }: UiOptions): Route {
  return {
    contract: getUi,
    handle: ({ principal }): Ui => ({
      organization: config.organization,
      version,
      demo: config.demo,
      principal: { kind: principal.kind, ref: principal.ref },
      signIn: { providers: [], contact: `Ask whoever runs Callboard at ${config.organization}.` },
      abilities: { allowed: ['*'], conditional: [] },
      pages: [...pages()],
    }),
  };
}
