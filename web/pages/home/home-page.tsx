import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { setTeam, usePreferences } from '../../data/preferences.ts';
import { resources } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { countText } from '../entity/count-text.ts';
import { Blocks } from './blocks.tsx';
import { foreseenOwners, foreseenScope, useRememberedOwners } from './foreseen.ts';
import type { HomeSearch } from './home-search.ts';
import { homeTitle, joined } from './home-text.ts';
import { TeamSwitch } from './team-switch.tsx';
import { scopeKey, useFirstAnswers, useScope, type ScopeData } from './use-home.ts';

/** What matters to a team now: what needs it, what it owns, what changed. */
export function HomePage(): ReactNode {
  const search: HomeSearch = useSearch({ from: '/' });
  const scope = useScope(search.team);
  const known = scope.isPrevious ? undefined : scope.data?.owners;
  const owners = known ?? foreseenOwners(search.team);
  const shown = scope.data ?? (scope.failure ? undefined : foreseenScope(search.team));
  useRememberedTeam(search.team);
  useRememberedOwners(search.team, known);
  const list = useRowKeys(shown !== undefined);
  useDocumentTitle(shown ? homeTitle(shown) : 'Home');
  return (
    <div ref={list} className={scope.isPrevious ? 'home is-old' : 'home'}>
      {owners && <FirstAnswers owners={owners} />}
      {shown ? <Head scope={shown} /> : <PageHead title="Home" sub={<span>&nbsp;</span>} />}
      {scope.failure && <FailureNotice failure={scope.failure} onRetry={() => resources.repeat(scope.key)} />}
      {!shown && !scope.failure && <Skeleton rows={10} label="Loading your team" />}
      {shown && <Blocks scope={shown} />}
    </div>
  );
}

/** Asks what the first screen stands on before the screen is there; its parts ask the same and share the answers. */
function FirstAnswers({ owners }: { readonly owners: readonly string[] }): ReactNode {
  useFirstAnswers({ owners });
  return null;
}

function Head({ scope }: { readonly scope: ScopeData }): ReactNode {
  const navigate = useNavigate({ from: '/' });
  return (
    <PageHead
      title={homeTitle(scope)}
      sub={<Sub scope={scope} />}
      actions={
        <>
          <KeepTeam scope={scope} />
          <TeamSwitch groups={scope.groups} choose={(team) => void navigate({ search: { team } })} />
        </>
      }
    />
  );
}

function Sub({ scope: { choice, teams, owners, isCut } }: { readonly scope: ScopeData }): ReactNode {
  const [team] = teams;
  const below = owners.length - teams.length;
  return (
    <>
      {choice === 'everything' && <span>Whoever owns it</span>}
      {choice === 'none' && <span>No team is chosen</span>}
      {team !== undefined && teams.length === 1 && (
        <>
          {team.exists ? (
            <EntityLink entityRef={team.ref} />
          ) : (
            <span>The catalog has no group {joined([team.title])} that you may see</span>
          )}
          {team.description !== undefined && <span>{team.description}</span>}
        </>
      )}
      {teams.length > 1 && teams.map(({ ref, title }) => <EntityLink key={ref} entityRef={ref} title={title} />)}
      {below > 0 && (
        <span>
          with {isCut && 'more than '}
          {countText(below, 'group')} below
        </span>
      )}
    </>
  );
}

/** For who is signed in: makes the team that the URL chose the usual one. Guests’ browsers do so by themselves. */
function KeepTeam({ scope }: { readonly scope: ScopeData }): ReactNode {
  const { team } = useSearch({ from: '/' });
  const preferences = usePreferences();
  const navigate = useNavigate({ from: '/' });
  const keep = useAction(
    async (chosen: string | undefined) => {
      const failure = await setTeam('server', chosen);
      if (failure) throw new Error(failure.title);
    },
    (_, chosen) => {
      // Home without a team in its URL means another one now.
      resources.repeat(scopeKey(undefined));
      if (chosen === undefined) void navigate({ search: {} });
    },
  );
  if (preferences.keptIn !== 'server' || !preferences.isKnown) return null;
  const chosen = scope.choice === 'everything' ? team : scope.teams[0]?.ref;
  const isUsual = team === undefined || chosen === preferences.team;
  if (isUsual && preferences.team === undefined) return null;
  return (
    <>
      {keep.state.phase === 'failed' && <span role="alert">{keep.state.failure.detail}</span>}
      <button
        type="button"
        className="button"
        disabled={keep.state.phase === 'running'}
        onClick={() => keep.run(isUsual ? undefined : chosen)}
      >
        {isUsual ? 'Back to your groups' : 'Make it your Home'}
      </button>
    </>
  );
}

/** A guest’s browser remembers the last team, and Home without one goes to it, so that the URL says what is shown. */
function useRememberedTeam(team: string | undefined): void {
  const navigate = useNavigate({ from: '/' });
  const { keptIn, isKnown, team: remembered } = usePreferences();
  const isGuest = keptIn === 'browser' && isKnown;
  useEffect(() => {
    if (!isGuest || team === remembered) return;
    if (team !== undefined) void setTeam('browser', team);
    else void navigate({ search: { team: remembered }, replace: true });
  }, [isGuest, team, remembered, navigate]);
}
