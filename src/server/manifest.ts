import type { Principal } from '../access/principal.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Abilities, PrincipalItem } from '../api/session.ts';
import { getUi, type Ui, type UiPage } from '../api/ui.ts';
import type { Config } from '../config/config.ts';
import type { Manifest, Route } from '../manifest/manifest.ts';
import { compactionCollector } from './compaction.ts';
import type { OpenAccess } from './open-access.ts';
import { serverPermissions } from './policy-ground.ts';

/** What the server says of itself to the web interface. */
export interface UiOptions {
  readonly config: Config;
  readonly version: string;
  readonly opened: Pick<OpenAccess, 'access' | 'sessions' | 'contact' | 'providers'>;
  /** Called when asked: the pages are known once all manifests are composed. */
  pages(): readonly UiPage[];
}

/** The server's own manifest: health, metrics, the event stream, what the web interface starts from. */
export function serverManifest(routes: readonly Route[], ui: UiOptions): Manifest {
  return {
    id: 'server',
    title: 'Server',
    permissions: serverPermissions,
    collectors: [compactionCollector],
    routes: [...routes, uiRoute(ui)],
  };
}

function uiRoute({ config, version, opened, pages }: UiOptions): Route {
  const { access, sessions, contact, providers } = opened;
  const answer = (principal: Principal, abilities: Abilities): Ui => ({
    organization: config.organization,
    version,
    demo: config.demo,
    principal: principalItem(principal, sessions),
    signIn: { providers: [...providers], contact },
    abilities,
    pages: [...pages()],
  });
  return {
    contract: getUi,
    handle({ principal }) {
      const abilities = access.abilitiesOf(principal);
      if (!(abilities instanceof Promise)) return answer(principal, abilities);
      return abilities.then((told) => answer(principal, told));
    },
  };
}

/** Who asks, with what the provider said of them at their sign-in. */
function principalItem({ kind, ref, credential }: Principal, sessions: Sessions): PrincipalItem {
  const session = credential?.kind === 'session' ? sessions.get(credential.id) : undefined;
  const { name, email, picture } = session ?? {};
  return {
    kind,
    ref,
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(picture !== undefined && { picture }),
  };
}
