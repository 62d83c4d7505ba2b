import type { ReactNode } from 'react';
import { useStarred } from '../../data/starred.ts';
import { isHeard } from '../../data/use-resource.ts';
import { Empty } from '../../ui/notice.tsx';
import { Recent, Starred } from './kept.tsx';
import { Lately } from './lately.tsx';
import { NeedsYou } from './needs-you.tsx';
import { OwnedTable } from './owned-table.tsx';
import { People } from './people.tsx';
import { useChanges, useFirstAnswers, useKindsOfAll, useTeams, type ScopeData } from './use-home.ts';
import { Welcome } from './welcome.tsx';

/** The parts of Home. Each waits for those above it, so that none moves when another gets its answer. */
export function Blocks({ scope }: { readonly scope: ScopeData }): ReactNode {
  const first = useFirstAnswers(scope);
  const { owned, problems, sources, health } = first;
  const isAll = scope.owners.length === 0;
  const all = useKindsOfAll(isAll);
  // A group that is not there may still own things, by a slip in their descriptors.
  const isUnknown = scope.teams.length > 0 && scope.teams.every(({ exists }) => !exists) && owned.data?.total === 0;
  const isNowhere = scope.choice === 'none' || isUnknown;
  const teams = useTeams(isNowhere);
  if (isAll && all.data?.total === 0) {
    return (
      <Empty title="The catalog is empty" command="npm start -- --catalog <file, folder or glob>">
        Point Callboard at descriptor files, usually named <code>catalog-info.yaml</code>; then your team has its things
        here.
      </Empty>
    );
  }
  const above = isNowhere ? [teams] : [problems, owned, sources, health];
  const isReady = [...above, all].every(isHeard);
  return (
    <div className={isReady ? 'home-columns' : 'home-columns is-waiting'}>
      <div className="home-main">
        {isNowhere && <Welcome teams={teams} />}
        {!isNowhere && <NeedsYou scope={scope} {...first} />}
        {!isUnknown && isReady && (
          <OwnedTable
            scope={scope}
            owned={owned}
            kinds={(isAll ? all.data?.kinds : owned.data?.kinds) ?? []}
            problems={problems}
            health={health.data}
          />
        )}
      </div>
      <Side scope={scope} isUnknown={isUnknown} />
    </div>
  );
}

function Side({ scope, isUnknown }: { readonly scope: ScopeData; readonly isUnknown: boolean }): ReactNode {
  const stars = useStarred();
  const changes = useChanges(scope);
  const isStarsHeard = stars.isKnown || stars.failure !== undefined;
  return (
    <div className="home-side">
      <Starred />
      {isStarsHeard && <Recent />}
      {isStarsHeard && !isUnknown && <Lately scope={scope} changes={changes} />}
      {isStarsHeard && !isUnknown && scope.teams.length > 0 && isHeard(changes) && <People scope={scope} />}
    </div>
  );
}
