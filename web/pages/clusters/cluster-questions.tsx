import type { ReactNode } from 'react';
import type { Cluster } from '../../../src/api/fleet.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { CLUSTER_QUESTIONS, countVersions, questionOf, questionTitle } from './cluster-condition.ts';
import type { ClustersSearch } from './clusters-search.ts';

/** Questions that do not stand among the counts. */
const ASKED = CLUSTER_QUESTIONS.filter((question) => question !== 'degraded' && question !== 'nodes');

/** Which versions run, and saved questions, each with how many clusters it finds; those that find none are left out. */
export function ClusterQuestions({
  search,
  clusters,
  now,
}: {
  readonly search: ClustersSearch;
  readonly clusters: readonly Cluster[];
  /** Ms since 1970. */
  readonly now: number;
}): ReactNode {
  const counted = ASKED.map((question) => {
    return { question, count: clusters.filter(questionOf(question, clusters, now)).length };
  });
  const shown = counted.filter(({ question, count }) => count > 0 || question === search.ask);
  const versions = countVersions(clusters);
  if (shown.length + versions.length === 0) return null;
  return (
    <>
      {versions.length > 0 && (
        <nav className="segments" aria-label="Version of Kubernetes">
          {versions.map(([version, count]) => (
            <Choice
              key={version}
              word={version}
              count={count}
              isOn={search.q === `v${version}.`}
              choose={(held) => ({ ...held, q: held.q === `v${version}.` ? undefined : `v${version}.` })}
            />
          ))}
        </nav>
      )}
      {shown.length > 0 && (
        <nav className="segments" aria-label="Saved questions">
          {shown.map(({ question, count }) => (
            <Choice
              key={question}
              word={questionTitle(question, clusters)}
              count={count}
              isOn={search.ask === question}
              choose={(held) => ({ ...held, ask: held.ask === question ? undefined : question })}
            />
          ))}
        </nav>
      )}
    </>
  );
}

function Choice({
  word,
  count,
  isOn,
  choose,
}: {
  readonly word: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly choose: (held: ClustersSearch) => ClustersSearch;
}): ReactNode {
  return (
    <ChoiceLink from="/clusters" to="/clusters" search={choose} className="segment" isOn={isOn} resetScroll={false}>
      {word} <span className="tab-count">{count.toLocaleString()}</span>
    </ChoiceLink>
  );
}
