import type { Ui } from '../../src/api/ui.ts';
import { isAble } from '../data/use-ui.ts';
import type { IconName } from './icons.tsx';

/** A place of the navigation. */
export interface Place {
  /** Path in the web interface. */
  readonly to: string;
  readonly title: string;
  readonly icon: IconName;
  /** Who lacks it does not see the place. */
  readonly permission?: string | undefined;
  /** True where paths below this one belong to other places. */
  readonly isExact?: boolean | undefined;
}

/** Places below one heading; the first have none. */
export interface PlaceGroup {
  readonly title?: string | undefined;
  readonly places: readonly Place[];
}

const main: readonly Place[] = [
  { to: '/', title: 'Home', icon: 'home', permission: 'catalog.entity.read', isExact: true },
  { to: '/catalog', title: 'Catalog', icon: 'catalog', permission: 'catalog.entity.read' },
  { to: '/clusters', title: 'Clusters', icon: 'clusters', permission: 'fleet.cluster.read' },
  { to: '/graph', title: 'Graph', icon: 'graph', permission: 'catalog.entity.read' },
  { to: '/problems', title: 'Problems', icon: 'problems', permission: 'catalog.problem.read' },
  { to: '/sources', title: 'Sources', icon: 'sources', permission: 'catalog.source.read' },
];

const access: readonly Place[] = [
  { to: '/access', title: 'Roles', icon: 'roles', permission: 'access.policy.read', isExact: true },
  { to: '/access/sessions', title: 'Sessions', icon: 'sessions', permission: 'access.session.read' },
  { to: '/access/tokens', title: 'Tokens', icon: 'tokens', permission: 'access.token.read' },
  { to: '/secrets', title: 'Secrets', icon: 'secrets', permission: 'access.secret.read' },
  { to: '/audit', title: 'Audit log', icon: 'audit', permission: 'access.audit.read' },
];

/** The places that the principal may go to; none while it is not known who that is. */
export function placesOf(ui: Ui | undefined): readonly PlaceGroup[] {
  const plugins = (ui?.pages ?? [])
    .filter(({ module }) => module !== undefined)
    .map(({ path, title }): Place => ({ to: path, title, icon: 'plugin' }));
  const groups: readonly PlaceGroup[] = [
    { places: main },
    { title: 'Access', places: access },
    { title: 'Plugins', places: plugins },
  ];
  return groups
    .map(({ title, places }) => ({
      title,
      places: places.filter(({ permission }) => permission === undefined || isAble(ui, permission)),
    }))
    .filter(({ places }) => places.length > 0);
}
