import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EVERYTHING } from '../../../src/model/preference.ts';
import { useUi } from '../../data/use-ui.ts';
import { useEntityChoices } from '../../form/entity-choices.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortRef } from './team-switch.tsx';

/** What a new person sees: teams to choose from, and how to be in one for good. */
export function Welcome(): ReactNode {
  const { data: ui } = useUi();
  const teams = useEntityChoices('', 'kind == "Group"');
  const isPerson = ui?.principal.kind === 'user';
  return (
    <Panel title="Choose a team">
      <p className="home-lead">
        Home then shows what needs the team, what it owns and what changed.{' '}
        {isPerson ? 'The catalog has you in no group yet.' : 'This browser remembers the choice.'}
      </p>
      <ul className="plain chips">
        {teams.map(({ value, note }) => (
          <li key={value}>
            <Link to="/" search={{ team: value }} className="chip" title={value}>
              {note ?? shortRef(value)}
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
