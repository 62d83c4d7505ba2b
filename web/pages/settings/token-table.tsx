import type { ReactNode } from 'react';
import type { TokenItem } from '../../../src/api/tokens.ts';
import { ConfirmButton } from '../../form/confirm-button.tsx';
import { Age, Until } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';

/** Tokens by what they are for; what they open with is never there. `end` absent: they may only be looked at. */
export function TokenTable({
  label,
  tokens,
  isRunning,
  end,
  showsPrincipal = false,
}: {
  readonly label: string;
  readonly tokens: readonly TokenItem[];
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
            <th scope="col">Token</th>
            {showsPrincipal && <th scope="col">Asks as</th>}
            <th scope="col">May do</th>
            <th scope="col">Last used</th>
            <th scope="col">Made</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span className="visually-hidden">End</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} isRunning={isRunning} end={end} showsPrincipal={showsPrincipal} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TokenRow({
  token,
  isRunning,
  end,
  showsPrincipal,
}: {
  readonly token: TokenItem;
  readonly isRunning: boolean;
  readonly end: ((id: string) => void) | undefined;
  readonly showsPrincipal: boolean;
}): ReactNode {
  return (
    <tr>
      <th scope="row">
        {token.name} <code className="faint">{token.hint}…</code>
      </th>
      {showsPrincipal && (
        <td data-label="As">
          <TokenPrincipal token={token} />
        </td>
      )}
      <td data-label="May do">
        {token.scopes === undefined ? (
          <span className="faint">all that {token.kind === 'personal' ? 'its maker' : 'the service'} may</span>
        ) : (
          <code className="wrap">{token.scopes.join(' ')}</code>
        )}
      </td>
      <td data-label="Used">
        {token.lastUsedAt === undefined ? (
          <span className="faint">never</span>
        ) : (
          <span title={token.lastUsedFrom === undefined ? undefined : `from ${token.lastUsedFrom}`}>
            <Age at={Date.parse(token.lastUsedAt)} suffix=" ago" />
          </span>
        )}
      </td>
      <td data-label="Made">
        <Age at={Date.parse(token.createdAt)} suffix=" ago" />
      </td>
      <td data-label="Ends">
        <Until at={Date.parse(token.expiresAt)} />
      </td>
      <td className="col-act">
        {end && (
          <ConfirmButton
            label="End"
            question="End it"
            of={`the token ${token.name}`}
            isRunning={isRunning}
            act={() => end(token.id)}
          />
        )}
      </td>
    </tr>
  );
}

function TokenPrincipal({ token }: { readonly token: TokenItem }): ReactNode {
  if (token.kind === 'personal') return <EntityLink entityRef={token.principal} />;
  return (
    <>
      <code>{token.principal}</code>{' '}
      <span className="faint">
        made by <EntityLink entityRef={token.createdBy} isPlain />
      </span>
    </>
  );
}
