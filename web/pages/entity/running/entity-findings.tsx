import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FindingPage, Severity } from '../../../../src/api/findings.ts';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import { Age } from '../../../ui/age.tsx';
import { Mark, type MarkState } from '../../../ui/mark.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { countText } from '../count-text.ts';
import { joinFindings, type JoinedFinding } from './use-findings.ts';

const SHOWN = 3;
/** Clusters that are named of what is wrong in many. */
const NAMED = 2;

const severities: Readonly<Record<Severity, readonly [MarkState, string]>> = {
  critical: ['degraded', 'Critical'],
  warning: ['warning', 'Warning'],
  notice: ['unknown', 'Notice'],
};

/** What detectors find wrong with an entity: the worst three, each with its place and what to do. */
export function EntityFindings({
  page,
  parts,
}: {
  readonly page: FindingPage;
  readonly parts: EntityRefParts;
}): ReactNode {
  const found = joinFindings(page.items);
  if (found.length === 0) return null;
  const others = found.length - SHOWN;
  return (
    <Panel title="What is wrong" aside={countText(found.length, 'finding')}>
      <ol className="plain findings">
        {found.slice(0, SHOWN).map((joined) => (
          <li key={JSON.stringify([joined.finding.rule, joined.finding.kind, joined.finding.name, joined.clusters])}>
            <FindingRow joined={joined} />
          </li>
        ))}
      </ol>
      {others > 0 && (
        <p className="panel-foot">
          <Link
            to="/catalog/$kind/$namespace/$name"
            params={parts}
            search={{ view: 'running' }}
            className="accent"
            resetScroll={false}
          >
            {countText(others, 'more finding')}
          </Link>
        </p>
      )}
    </Panel>
  );
}

function FindingRow({ joined: { finding, clusters, isAlike } }: { readonly joined: JoinedFinding }): ReactNode {
  const { severity, reason, message, kind, name, since, fix } = finding;
  const [mark, word] = severities[severity];
  const more = clusters.length - NAMED;
  return (
    <>
      <Mark state={mark}>{word}</Mark>
      <div className="finding">
        <p className="finding-words" title={message}>
          <strong>{reason}</strong>
          {message !== reason && ` ${isAlike ? '' : `in ${finding.cluster}: `}${message}`}
        </p>
        <p className="finding-fix">{fix}</p>
        <p className="finding-foot">
          <span>
            {kind} <code>{name}</code>
          </span>
          <span title={clusters.join('\n')}>
            {clusters.slice(0, NAMED).join(', ')}
            {more > 0 && ` and ${countText(more, 'more cluster')}`}
          </span>
          {since !== undefined && (
            <span>
              for <Age at={Date.parse(since)} />
            </span>
          )}
        </p>
      </div>
    </>
  );
}
