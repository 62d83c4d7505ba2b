import type { ReactNode } from 'react';
import type { RoleRule } from '../../../src/api/roles.ts';

/** A rule as it is read: what it permits, and where. */
export function RuleText({ rule }: { readonly rule: RoleRule }): ReactNode {
  const { permissions, where, clusters = [], namespaces = [] } = rule;
  return (
    <div className="rule-text">
      <ul className="plain inline-list" aria-label="Permissions">
        {permissions.map((permission) => (
          <li key={permission}>
            <code>{permission}</code>
            {permission === '*' && <span className="faint"> everything</span>}
          </li>
        ))}
      </ul>
      {where !== undefined && (
        <p className="rule-where">
          <span className="faint">where</span> <code className="wrap">{where}</code>
        </p>
      )}
      {clusters.length > 0 && (
        <p className="rule-where">
          <span className="faint">in clusters</span> <code className="wrap">{clusters.join(' ')}</code>
        </p>
      )}
      {namespaces.length > 0 && (
        <p className="rule-where">
          <span className="faint">in namespaces</span> <code className="wrap">{namespaces.join(' ')}</code>
        </p>
      )}
    </div>
  );
}
