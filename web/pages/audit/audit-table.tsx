import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { momentText } from '../../ui/moment-text.ts';
import { useRowKeys } from '../../ui/row-keys.ts';
import { Age } from '../../ui/age.tsx';
import { AuditRecord } from './audit-record.tsx';
import type { AuditSearch } from './audit-search.ts';
import type { AuditData } from './use-audit.ts';

const words: Readonly<Record<AuditData['outcome'], readonly [MarkState, string]>> = {
  success: ['healthy', 'Done'],
  denied: ['denied', 'Denied'],
  failure: ['degraded', 'Failed'],
  pending: ['progressing', 'Begun'],
  unknown: ['unknown', 'Outcome unknown'],
};

/** Records as rows; the one that the URL names is open below its row. */
export function AuditTable({
  items,
  search,
}: {
  readonly items: readonly AuditData[];
  readonly search: AuditSearch;
}): ReactNode {
  const list = useRowKeys(true);
  return (
    <div ref={list} className="table-frame">
      <table className="table table-stack audit-table">
        <caption className="visually-hidden">Records of the audit log</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">To what</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        {items.map((item) => (
          <Rows key={item.sequence} item={item} isOpen={search.record === String(item.sequence)} />
        ))}
      </table>
    </div>
  );
}

function Rows({ item, isOpen }: { readonly item: AuditData; readonly isOpen: boolean }): ReactNode {
  const [state, word] = words[item.outcome];
  const at = Date.parse(item.at);
  const id = `record-${item.sequence}`;
  return (
    <tbody>
      <tr className={isOpen ? 'is-open' : undefined}>
        <th scope="row" className="audit-when">
          <Link
            to="/audit"
            search={(now: AuditSearch) => ({ ...now, record: isOpen ? undefined : String(item.sequence) })}
            resetScroll={false}
            className="row-title"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            data-row-link={String(item.sequence)}
          >
            {momentText(at)}
          </Link>{' '}
          <Age at={at} suffix=" ago" />
        </th>
        <td>
          <Actor actor={item.actor} />
        </td>
        <td className="audit-action">
          <code>{item.action}</code>
        </td>
        <td className="audit-target">{item.target !== undefined && <Target target={item.target} />}</td>
        <td>
          <Mark state={state}>{word}</Mark>
          {item.reason !== undefined && <code className="source-from">{item.reason}</code>}
        </td>
      </tr>
      {isOpen && (
        <tr className="audit-open">
          <td colSpan={5} id={id}>
            <AuditRecord item={item} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** Who did it: a person of the catalog leads to their page. */
function Actor({ actor }: { readonly actor: string }): ReactNode {
  return actor.startsWith('user:') ? <EntityLink entityRef={actor} /> : <code className="wrap">{actor}</code>;
}

const entityKinds = /^(component|api|resource|system|domain|group|user|location|template):/;

function Target({ target }: { readonly target: string }): ReactNode {
  // A location has the form of a ref too: only kinds that are known lead to a page.
  if (entityKinds.test(target) && parseEntityRef(target)) return <EntityLink entityRef={target} />;
  return <code className="wrap">{target}</code>;
}
