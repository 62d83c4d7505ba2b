import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { Static } from 'typebox';
import type { unregisterLocation } from '../../../src/api/registrations.ts';
import { api, resources } from '../../data/session.ts';
import { useAction, type Action } from '../../data/use-action.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SOURCES } from './use-refresh.ts';

type Removal = Static<typeof unregisterLocation.response>;

const ROUTE = 'DELETE /api/v1/locations/registered/:id';

/** Entities that are named; the rest is counted. */
const SHOWN = 200;

/** Takes a registered location back, after what would go with it was seen. */
export function UnregisterPage(): ReactNode {
  const { id } = useParams({ from: '/sources/registered/$id' });
  const navigate = useNavigate();
  useDocumentTitle('Unregister a location');
  const preview = useAction((of: string) => api.call(ROUTE, { params: { id: of }, query: { dryRun: true } }));
  const removal = useAction(
    (of: string) => api.call(ROUTE, { params: { id: of } }),
    () => {
      resources.repeat(SOURCES);
      void navigate({ to: '/sources' });
    },
  );
  const look = (): void => preview.run(id);
  useEffect(look, [id]); // oxlint-disable-line react-hooks/exhaustive-deps
  return (
    <div className="stack">
      <PageHead
        title="Unregister a location"
        above={
          <Link to="/sources" className="accent">
            Sources
          </Link>
        }
        sub={preview.state.phase === 'done' && <code>{preview.state.result.location.target}</code>}
      />
      {preview.state.phase === 'failed' && <FailureNotice failure={preview.state.failure} onRetry={look} />}
      {(preview.state.phase === 'running' || preview.state.phase === 'idle') && (
        <Skeleton rows={6} label="Looking what would go with it" />
      )}
      {preview.state.phase === 'done' && (
        <Going going={preview.state.result} removal={removal} remove={() => removal.run(id)} />
      )}
    </div>
  );
}

function Going({
  going,
  removal,
  remove,
}: {
  readonly going: Removal;
  readonly removal: Action<string, Removal>;
  readonly remove: () => void;
}): ReactNode {
  // The Location that stands for it is the catalog's own affair.
  const refs = going.removed.filter((ref) => ref !== going.location.entityRef);
  const isRunning = removal.state.phase === 'running';
  return (
    <section className="registration" aria-label="What would go">
      <div className="panel-head">
        <h2>Unregistering it would remove</h2>
      </div>
      <output className="registration-sum">{sumText(refs.length)}</output>
      {refs.length > 0 && (
        <ul className="plain going-list">
          {refs.slice(0, SHOWN).map((ref) => (
            <li key={ref}>
              <EntityLink entityRef={ref} />
            </li>
          ))}
        </ul>
      )}
      {refs.length > SHOWN && <p className="panel-empty">and {(refs.length - SHOWN).toLocaleString()} more</p>}
      {removal.state.phase === 'failed' && <FailureNotice failure={removal.state.failure} />}
      <p className="form-acts">
        <button type="button" className="button button-danger" aria-disabled={isRunning} onClick={remove}>
          {isRunning ? 'Unregistering…' : 'Unregister it'}
        </button>
        <Link to="/sources" className="button">
          Keep it
        </Link>
      </p>
    </section>
  );
}

function sumText(count: number): string {
  if (count === 0) return 'No entity: all that it declares comes from elsewhere too, or it declares nothing.';
  const entities = count === 1 ? '1 entity' : `${count.toLocaleString()} entities`;
  return `${entities}, which come from it alone. Their files stay; registering it again brings them back.`;
}
