import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import type { Answer } from '../../data/use-resource.ts';
import { Age } from '../../ui/age.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { countText } from '../entity/count-text.ts';
import { changeText } from './home-text.ts';
import type { ChangedData, ChangeGroupData, ChangesData, ScopeData } from './use-home.ts';

/** What changed lately, newest first; what one reading changed stands together. */
export function Lately({
  scope,
  changes,
}: {
  readonly scope: ScopeData;
  readonly changes: Answer<ChangesData>;
}): ReactNode {
  const isTeam = scope.owners.length > 0;
  return (
    <Panel title="What changed" aside={isTeam ? 'with what it depends on' : undefined}>
      {changes.failure && <FailureNotice failure={changes.failure} onRetry={() => resources.repeat(changes.key)} />}
      {!changes.data && !changes.failure && <Skeleton rows={4} label="Loading what changed" />}
      {changes.data?.items.length === 0 && (
        <p className="panel-empty">
          {changes.data.next === undefined ? 'No change is remembered.' : 'Nothing changed lately.'}
        </p>
      )}
      <ol className={changes.isPrevious ? 'plain home-changes is-old' : 'plain home-changes'}>
        {changes.data?.items.map((group) => (
          <Group key={group.revision} group={group} />
        ))}
      </ol>
    </Panel>
  );
}

function Group({ group: { at, total, isCut, items } }: { readonly group: ChangeGroupData }): ReactNode {
  const others = total - items.length;
  return (
    <li>
      <Age at={Date.parse(at)} />
      <div className="home-change">
        {items.map((item) => (
          <p key={item.ref}>
            <ChangedLink item={item} /> <span className="faint">{changeText(item)}</span>
            {item.isDependency && <span className="faint"> · a dependency</span>}
            {item.commit !== undefined && (
              <>
                {' '}
                <code className="faint">{item.commit.slice(0, 7)}</code>
              </>
            )}
          </p>
        ))}
        {(others > 0 || isCut) && (
          <p className="faint">
            and {isCut && 'more than '}
            {countText(others, 'other')} of the same reading
          </p>
        )}
      </div>
    </li>
  );
}

function ChangedLink({ item: { ref, title, exists } }: { readonly item: ChangedData }): ReactNode {
  const parts = parseEntityRef(ref);
  if (!parts) return <span>{title}</span>;
  return (
    <Link
      to="/catalog/$kind/$namespace/$name"
      params={parts}
      search={{ view: 'history' }}
      className={exists ? 'home-changed' : 'home-changed is-missing'}
      title={ref}
    >
      {title}
    </Link>
  );
}
