import { Link, useRouter } from '@tanstack/react-router';
import { useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { isAble, useUi } from '../../data/use-ui.ts';

const tabs = [
  { to: '/clusters', title: 'Clusters', permission: 'fleet.cluster.read' },
  { to: '/fleet/incidents', title: 'Incidents', permission: 'fleet.object.read' },
  { to: '/fleet/timeline', title: 'Timeline', permission: 'fleet.object.read' },
  { to: '/fleet/search', title: 'Search', permission: 'fleet.object.read' },
  { to: '/fleet/evacuation', title: 'Evacuation', permission: 'fleet.object.read' },
  { to: '/fleet/unowned', title: 'Unclaimed', permission: 'fleet.object.read' },
] as const;

/**
 * The pages of the fleet, above the head of each of them: `<FleetTabs />` is the first thing such a page draws.
 * A tab is there where the principal may see its page; one whose route `web/app/router.tsx` does not register is left out.
 */
export function FleetTabs(): ReactNode {
  const { data: ui } = useUi();
  const { routesByPath } = useRouter();
  const shown = tabs.filter(({ to, permission }) => to in routesByPath && isAble(ui, permission));
  const nav = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // Where the window is too narrow for all of them, the one that is open is in sight.
    const current = nav.current?.querySelector('[aria-current="page"]');
    current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [shown.length]);
  return (
    <nav ref={nav} className="tabs fleet-tabs" aria-label="Fleet">
      {shown.map(({ to, title }) => (
        // A page of the fleet starts afresh: what one was filtered by means nothing to the next.
        <Link key={to} to={to as string} className="tab" activeOptions={{ includeSearch: false }}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
