import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Static } from 'typebox';
import type { listSecrets } from '../../../src/api/secrets.ts';
import { api, resources } from '../../data/session.ts';
import { useAction, type Action } from '../../data/use-action.ts';
import { useResource } from '../../data/use-resource.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { ConfirmButton } from '../../form/confirm-button.tsx';
import { Age } from '../../ui/age.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Mark } from '../../ui/mark.tsx';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SecretForm } from './secret-form.tsx';

type SecretsData = Static<typeof listSecrets.response>;

const SECRETS = 'secrets';

/** Secrets that settings name: which there are, which are missing, with which key they are encrypted. Never a value. */
export function SecretsPage(): ReactNode {
  const { data: ui } = useUi();
  const [editing, setEditing] = useState<string | undefined>();
  useDocumentTitle('Secrets');
  const secrets = useResource<SecretsData>({
    key: SECRETS,
    load: (signal) => api.call('GET /api/v1/secrets', { signal }),
    isAffected: () => false,
  });
  const canSet = isAble(ui, 'access.secret.update');
  const set = canSet ? setEditing : undefined;
  return (
    <div className="stack">
      <PageHead
        title="Secrets"
        sub={<span>Kept encrypted, used by the settings that name them, shown to nobody.</span>}
        actions={
          canSet &&
          secrets.data && (
            <button type="button" className="button" onClick={() => setEditing('')}>
              Set a secret
            </button>
          )
        }
      />
      {secrets.failure && <FailureNotice failure={secrets.failure} onRetry={() => resources.repeat(SECRETS)} />}
      {!secrets.data && secrets.isLoading && <Skeleton rows={4} label="Loading the secrets" />}
      {editing !== undefined && (
        <SecretForm
          key={editing}
          name={editing}
          onDone={() => {
            setEditing(undefined);
            resources.repeat(SECRETS);
          }}
          cancel={() => setEditing(undefined)}
        />
      )}
      {secrets.data && (
        <>
          <Missing missing={secrets.data.missing} set={set} />
          <SecretList secrets={secrets.data} set={set} canDelete={isAble(ui, 'access.secret.delete')} />
          {secrets.data.keys.length > 0 && <Keys secrets={secrets.data} canRotate={canSet} />}
        </>
      )}
    </div>
  );
}

function Missing({
  missing,
  set,
}: {
  readonly missing: SecretsData['missing'];
  readonly set: ((name: string) => void) | undefined;
}): ReactNode {
  if (missing.length === 0) return null;
  return (
    <Panel title="Missing" aside={`${missing.length}`}>
      <ul className="plain problem-lines">
        {missing.map(({ name, usedBy }) => (
          <li key={name}>
            <Mark state="degraded">Not set</Mark>
            <span>
              <code>{name}</code>, which <code>{usedBy.join(', ')}</code> needs
            </span>
            {set && (
              <button type="button" className="button button-small" onClick={() => set(name)}>
                Set it<span className="visually-hidden"> : {name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function SecretList({
  secrets,
  set,
  canDelete,
}: {
  readonly secrets: SecretsData;
  readonly set: ((name: string) => void) | undefined;
  readonly canDelete: boolean;
}): ReactNode {
  const remove = useAction(
    (name: string) => api.call('DELETE /api/v1/secrets/:name', { params: { name } }),
    () => resources.repeat(SECRETS),
  );
  if (secrets.items.length === 0) {
    return (
      <Empty title="No secret is kept here">
        A setting such as <code>clientSecret</code> may say <code>{'{ secret: okta-client }'}</code> in place of the
        text itself; then it is set here and never shown again.
      </Empty>
    );
  }
  return (
    <Panel title="Kept" aside={`${secrets.items.length}`}>
      {remove.state.phase === 'failed' && <FailureNotice failure={remove.state.failure} />}
      <div className="table-frame">
        <table className="table table-stack">
          <caption className="visually-hidden">Secrets</caption>
          <thead>
            <tr>
              <th scope="col">Secret</th>
              <th scope="col">Used by</th>
              <th scope="col">Changed</th>
              <th scope="col">Key</th>
              <th scope="col">
                <span className="visually-hidden">Set or remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {secrets.items.map((item) => (
              <SecretRow key={item.name} item={item} set={set} remove={canDelete ? remove : undefined} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function SecretRow({
  item,
  set,
  remove,
}: {
  readonly item: SecretsData['items'][number];
  readonly set: ((name: string) => void) | undefined;
  readonly remove: Action<string, unknown> | undefined;
}): ReactNode {
  return (
    <tr>
      <th scope="row">
        <code>{item.name}</code>
      </th>
      <td data-label="Used by">
        {item.usedBy.length === 0 ? (
          <span className="faint">no setting</span>
        ) : (
          <code className="wrap">{item.usedBy.join(', ')}</code>
        )}
      </td>
      <td data-label="Changed">
        <Age at={Date.parse(item.updatedAt)} suffix=" ago" />
      </td>
      <td data-label="Key">
        <code>{item.keyId}</code>
      </td>
      <td className="col-act">
        {set && (
          <button type="button" className="button button-small" onClick={() => set(item.name)}>
            Set anew<span className="visually-hidden"> {item.name}</span>
          </button>
        )}{' '}
        {remove && (
          <ConfirmButton
            label="Remove"
            question={item.usedBy.length === 0 ? 'Remove it' : 'Remove it though it is used'}
            of={item.name}
            isRunning={remove.state.phase === 'running'}
            act={() => remove.run(item.name)}
          />
        )}
      </td>
    </tr>
  );
}

function Keys({ secrets, canRotate }: { readonly secrets: SecretsData; readonly canRotate: boolean }): ReactNode {
  const rotate = useAction(
    () => api.call('POST /api/v1/secrets/rotation'),
    () => resources.repeat(SECRETS),
  );
  const old = secrets.keys.filter(({ current }) => !current).reduce((sum, key) => sum + key.secrets, 0);
  return (
    <Panel title="Keys" aside={`${secrets.keys.length}`}>
      <ul className="plain key-lines">
        {secrets.keys.map(({ id, current, secrets: count }) => (
          <li key={id}>
            <code>{id}</code> {current && <Mark state="healthy">encrypts now</Mark>}{' '}
            <span className="faint">
              {count} {count === 1 ? 'secret' : 'secrets'}
            </span>
          </li>
        ))}
      </ul>
      {rotate.state.phase === 'failed' && <FailureNotice failure={rotate.state.failure} />}
      <p className="panel-foot">
        {canRotate && old > 0 && (
          <button
            type="button"
            className="button"
            aria-disabled={rotate.state.phase === 'running'}
            onClick={() => rotate.run(undefined)}
          >
            Encrypt all with the present key
          </button>
        )}
        <output className="form-hint">
          {rotate.state.phase === 'done' &&
            `${rotate.state.result.rotated} encrypted anew with ${rotate.state.result.keyId}; keys with no secret may be taken out of the configuration.`}
        </output>
      </p>
    </Panel>
  );
}
