import type { ReactNode } from 'react';
import type { SessionItem } from '../../../src/api/session.ts';
import { ConfirmButton } from '../../form/confirm-button.tsx';
import { Age, Until } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark } from '../../ui/mark.tsx';
import { browserText } from './browser-text.ts';

/** Sign-ins with where they came from. `end` absent: they may only be looked at. */
export function SessionTable({
  label,
  sessions,
  isRunning,
  end,
  showsPrincipal = false,
}: {
  readonly label: string;
  readonly sessions: readonly SessionItem[];
  readonly isRunning: boolean;
  readonly end: ((id: string) => void) | undefined;
  readonly showsPrincipal?: boolean;
}): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack">
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {showsPrincipal && <th scope="col">Who</th>}
            <th scope="col">Browser</th>
            <th scope="col">Signed in with</th>
            <th scope="col">Address</th>
            <th scope="col">Last used</th>
            <th scope="col">Began</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span className="visually-hidden">End</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              {showsPrincipal && (
                <th scope="row">
                  <EntityLink entityRef={session.principal} />
                </th>
              )}
              <BrowserCell session={session} isHead={!showsPrincipal} />
              <td data-label="With">{session.provider}</td>
              <td data-label="From">{session.address === undefined ? '–' : <code>{session.address}</code>}</td>
              <td data-label="Used">
                <Age at={Date.parse(session.lastSeenAt)} suffix=" ago" />
              </td>
              <td data-label="Began">
                <Age at={Date.parse(session.createdAt)} suffix=" ago" />
              </td>
              <td data-label="Ends">
                <Until at={Date.parse(session.expiresAt)} />
              </td>
              <td className="col-act">
                {end && (
                  <ConfirmButton
                    label="End"
                    question={session.current ? 'Sign out here' : 'End it'}
                    of={`the session of ${session.principal}, ${browserText(session.userAgent)}`}
                    isRunning={isRunning}
                    act={() => end(session.id)}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BrowserCell({ session, isHead }: { readonly session: SessionItem; readonly isHead: boolean }): ReactNode {
  const content = (
    <span className="session-browser" title={session.userAgent}>
      {browserText(session.userAgent)}
      {session.current && <Mark state="healthy">This one</Mark>}
    </span>
  );
  return isHead ? <th scope="row">{content}</th> : <td>{content}</td>;
}
