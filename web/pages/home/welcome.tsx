import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EVERYTHING } from '../../../src/model/preference.ts';
import { resources } from '../../data/session.ts';
import { useUi } from '../../data/use-ui.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { readRow } from '../catalog/row-fields.ts';
import type { useTeams } from './use-home.ts';

/** What a new person sees: teams to choose from, and how to be in one for good. */
export function Welcome({ teams }: { readonly teams: ReturnType<typeof useTeams> }): ReactNode {
  const { data: ui } = useUi();
  const isPerson = ui?.principal.kind === 'user';
  return (
    <Panel title="Choose a team">
      <p className="home-lead">
        Home then shows what needs the team, what it owns and what changed.{' '}
        {isPerson ? 'The catalog has you in no group yet.' : 'This browser remembers the choice.'}
      </p>
      {teams.failure && <FailureNotice failure={teams.failure} onRetry={() => resources.repeat(teams.key)} />}
      <ul className="plain chips">
        {teams.data?.items.map(readRow).map(({ ref, title }) => (
          <li key={ref}>
            <Link to="/" search={{ team: ref }} className="chip" title={ref}>
              {title}
            </Link>
          </li>
        ))}
        <li>
          <Link to="/" search={{ team: EVERYTHING }} className="chip">
            Everything
          </Link>
        </li>
      </ul>
      {isPerson && <HowToJoin user={shortUser(ui.principal.ref)} />}
    </Panel>
  );
}

/** The lines that make somebody a member, where descriptors of groups stand. */
function HowToJoin({ user }: { readonly user: string }): ReactNode {
  const lines = `spec:\n  members: [${user}]`;
  return (
    <div className="home-join">
      <p>To have a team by itself, be named in the descriptor of its Group:</p>
      <pre>{lines}</pre>
      <CopyButton text={lines} label="Copy the lines" />
    </div>
  );
}

function shortUser(ref: string): string {
  return ref.replace(/^user:(default\/)?/, '');
}
