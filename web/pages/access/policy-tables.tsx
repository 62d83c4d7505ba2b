import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { BindingItem, PermissionItem, RoleItem } from '../../../src/api/roles.ts';
import { OriginText } from './origin-text.tsx';
import { RuleText } from './rule-text.tsx';
import { SubjectList } from './subject-list.tsx';
import type { PolicyData } from './use-policy.ts';

interface TableProps {
  readonly policy: PolicyData;
  /** Only rows that contain this text. */
  readonly q: string | undefined;
}

const SHOWN_SUBJECTS = 6;

/** Roles with what they permit. */
export function RoleTable({ policy, q }: TableProps): ReactNode {
  const roles = policy.roles.filter((role) => isFound(q, role.name, role.description, JSON.stringify(role.rules)));
  if (roles.length === 0) return <Nothing of="role" />;
  return (
    <div className="table-frame">
      <table className="table table-stack table-top">
        <caption className="visually-hidden">Roles</caption>
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col">Permits</th>
            <th scope="col" className="col-number">
              Subjects
            </th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <RoleRow key={`${role.name} ${role.origin.kind}`} role={role} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RoleRow({ role }: { readonly role: RoleItem }): ReactNode {
  return (
    <tr>
      <th scope="row" className="col-policy-name">
        <Link to="/access/roles/$name" params={{ name: role.name }} className="row-title">
          {role.name}
        </Link>
        {role.description !== undefined && <span className="source-from">{role.description}</span>}
      </th>
      <td>
        {role.rules.length === 0 && <span className="faint">nothing</span>}
        {role.rules.map((rule) => (
          <RuleText key={JSON.stringify(rule)} rule={rule} />
        ))}
      </td>
      <td className="col-number" data-label="Subjects">
        {role.subjects === 0 ? (
          '0'
        ) : (
          <Link to="/access" search={{ view: 'bindings', q: role.name }} className="accent">
            {role.subjects}
          </Link>
        )}
      </td>
      <td data-label="From">
        <OriginText origin={role.origin} />
      </td>
    </tr>
  );
}

/** Bindings: who has which role. */
export function BindingTable({ policy, q }: TableProps): ReactNode {
  const bindings = policy.bindings.filter(({ name, role, subjects }) => isFound(q, name, role, ...subjects));
  if (bindings.length === 0) return <Nothing of="binding" />;
  return (
    <div className="table-frame">
      <table className="table table-stack table-top">
        <caption className="visually-hidden">Bindings</caption>
        <thead>
          <tr>
            <th scope="col">Binding</th>
            <th scope="col">Role</th>
            <th scope="col">Subjects</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {bindings.map((binding) => (
            <BindingRow key={`${binding.name} ${binding.origin.kind}`} binding={binding} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BindingRow({ binding }: { readonly binding: BindingItem }): ReactNode {
  const more = binding.subjects.length - SHOWN_SUBJECTS;
  return (
    <tr>
      <th scope="row" className="col-policy-name">
        <Link to="/access/bindings/$name" params={{ name: binding.name }} className="row-title">
          {binding.name}
        </Link>
      </th>
      <td data-label="Role">
        <Link to="/access/roles/$name" params={{ name: binding.role }} className="accent">
          {binding.role}
        </Link>
      </td>
      <td>
        <SubjectList subjects={binding.subjects.slice(0, SHOWN_SUBJECTS)} />
        {more > 0 && <span className="faint"> and {more} more</span>}
      </td>
      <td data-label="From">
        <OriginText origin={binding.origin} />
      </td>
    </tr>
  );
}

const resourceWords: Readonly<Record<PermissionItem['resource'], string>> = {
  entity: 'by entity',
  live: 'by cluster and namespace',
  none: '–',
};

/** All permissions that something takes. */
export function PermissionTable({ policy, q }: TableProps): ReactNode {
  const permissions = policy.permissions.filter(({ name, description }) => isFound(q, name, description));
  if (permissions.length === 0) return <Nothing of="permission" />;
  return (
    <div className="table-frame">
      <table className="table table-stack">
        <caption className="visually-hidden">Permissions</caption>
        <thead>
          <tr>
            <th scope="col">Permission</th>
            <th scope="col">What for</th>
            <th scope="col">A condition narrows it</th>
            <th scope="col">Brought by</th>
          </tr>
        </thead>
        <tbody>
          {permissions.map((item) => (
            <tr key={item.name}>
              <th scope="row">
                <code>{item.name}</code>
              </th>
              <td>{item.description}</td>
              <td data-label="Narrowed">{resourceWords[item.resource]}</td>
              <td data-label="By">{item.manifest}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Nothing({ of }: { readonly of: string }): ReactNode {
  return <p className="panel-empty">No {of} of this choice.</p>;
}

function isFound(q: string | undefined, ...texts: readonly (string | undefined)[]): boolean {
  if (q === undefined) return true;
  const wanted = q.toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}
