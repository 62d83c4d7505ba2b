import type { ReactNode } from 'react';
import type { RoleItem } from '../../../src/api/roles.ts';

/** Where a role or binding comes from; only what is kept here can be changed here. */
export function OriginText({ origin }: { readonly origin: RoleItem['origin'] }): ReactNode {
  switch (origin.kind) {
    case 'stored':
      return 'kept here';
    case 'file':
      return <code className="location">{origin.place ?? 'policy file'}</code>;
    case 'built-in':
      return origin.place === undefined ? (
        <span className="faint">built in</span>
      ) : (
        <span className="faint">built in: {origin.place}</span>
      );
  }
}

/** Why a role or binding cannot be changed on its page, and where it can. */
export function ReadOnlyNote({
  origin,
  isAble,
}: {
  readonly origin: RoleItem['origin'];
  /** Whether the one who looks may change what is kept here. */
  readonly isAble: boolean;
}): ReactNode {
  if (origin.kind === 'file') {
    return (
      <p className="form-note">
        It stands in the policy file at <code>{origin.place}</code>: change it there, and it changes here by itself.
      </p>
    );
  }
  if (origin.kind === 'built-in') {
    return (
      <p className="form-note">
        It is built in{origin.place !== undefined && <> by {origin.place}</>} and cannot be changed here.
      </p>
    );
  }
  if (isAble) return null;
  return (
    <p className="form-note">
      To change it one needs the permission <code>access.policy.update</code>.
    </p>
  );
}
