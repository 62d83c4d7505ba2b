import type { ReactNode } from 'react';
import type { Running } from '../../../src/api/running.ts';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Age } from '../../ui/age.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { Mark } from '../../ui/mark.tsx';
import type { Failure } from '../../ui/notice.tsx';
import { useSources } from '../sources/use-sources.ts';
import { CommitText } from './commit-text.tsx';
import { useEntityProblems, useFacts, useLatestSteps, useOrigin, type ProblemData } from './use-entity.ts';
import { HeldSentence, heldWords, type Held } from './held.tsx';
import { isTold, RunningLines } from './running/running-lines.tsx';
import { healthMarks } from './running/running-words.ts';
import { judge } from './verdict-text.ts';

/** Problems said in full; the rest stands under Problems. */
const SHOWN_PROBLEMS = 2;

/** How an entity runs, as far as it was heard. */
export interface VerdictOfRunning {
  readonly answer: Running | undefined;
  readonly failure: Failure | undefined;
  /** Whether it says itself that it runs. */
  readonly isClaimed: boolean;
}

/**
 * The sentence that one reads first: is something wrong with what the catalog says of this entity, since when and where;
 * where does it come from, how fresh is it.
 *
 * @param page web address of its file, for links to commits
 */
export function Verdict({
  parts,
  page,
  held,
  running,
  isHolder = false,
}: {
  readonly parts: EntityRefParts;
  readonly page?: string | undefined;
  /** How what it holds or owns is. */
  readonly held?: Held | undefined;
  /** How it runs, where it says that it does. */
  readonly running?: VerdictOfRunning | undefined;
  /** True where `held` will come. */
  readonly isHolder?: boolean;
}): ReactNode {
  const problems = useEntityProblems(parts);
  const facts = useFacts(parts);
  const origin = useOrigin(parts);
  const latest = useLatestSteps(parts).data?.items[0];
  const sources = useSources();
  const place = origin.data;
  const source = sources.data?.items.find((item) => item.collector === 'catalog' && item.source === place?.source);
  const isWaiting = [problems, facts, origin, sources].some(({ data, failure }) => data === undefined && !failure);
  const { state, words, since } = isWaiting
    ? { state: 'unknown' as const, words: 'Looking …', since: undefined }
    : judge({
        problems: problems.data?.items,
        facts: facts.data?.items,
        source,
        isPlaceBroken: place?.broken,
        held: held && heldWords(held),
      });
  const answer = running?.answer;
  const told = answer !== undefined && isTold(answer, running?.isClaimed === true) ? answer : undefined;
  // Of what nobody could tell nothing is called good.
  const untold = answer === undefined ? running?.failure : undefined;
  const frame = told !== undefined ? healthMarks[told.verdict.status] : untold ? 'unknown' : state;
  return (
    <section className={`verdict verdict-${frame}${isHolder ? ' verdict-holder' : ''}`} aria-label="State">
      {told && <RunningLines running={told} parts={parts} />}
      {untold && <UntoldLines failure={untold} />}
      <p className={told || untold ? 'verdict-rest' : 'verdict-words'}>
        <Mark state={state}>{words}</Mark>
        {since !== undefined && (
          <span>
            {' '}
            since <Age at={since} suffix=" ago" />
          </span>
        )}
      </p>
      {problems.data?.items.slice(0, SHOWN_PROBLEMS).map((problem) => (
        <ProblemSentence key={problem.id} problem={problem} />
      ))}
      {source?.error !== undefined && <p>The source fails: {source.error}</p>}
      {held && <HeldSentence held={held} />}
      {isWaiting && !place && <p>&nbsp;</p>}
      {place && (
        <p>
          Declared in <LocationText location={place.location} source={place.source} line={lineOf(place)} page={page} />
          {place.commit !== undefined && (
            <>
              {' '}
              at <CommitText commit={place.commit} page={page} />
            </>
          )}
          {latest && (
            <>
              , last changed <Age at={Date.parse(latest.at)} suffix=" ago" />
            </>
          )}
          {source?.checkedAt !== undefined && (
            <>
              , read <Age at={Date.parse(source.checkedAt)} suffix=" ago" />
            </>
          )}
          .
        </p>
      )}
    </section>
  );
}

function UntoldLines({ failure: { title, detail } }: { readonly failure: Failure }): ReactNode {
  return (
    <>
      <p className="verdict-words">
        <Mark state="unknown">How it runs is not known</Mark>
      </p>
      <p className="verdict-problem">{detail ?? title}</p>
    </>
  );
}

/** What is wrong, the place, and what to do about it. */
function ProblemSentence({ problem }: { readonly problem: ProblemData }): ReactNode {
  const { message, path, line, location, fix } = problem;
  const file = location.slice(Math.max(location.lastIndexOf('/'), location.indexOf(':')) + 1);
  return (
    <p className="verdict-problem">
      {message}{' '}
      <span className="verdict-place">
        {line !== undefined ? <code>{`${file}:${line}`}</code> : path !== undefined && <code>{path}</code>}
        {fix !== undefined && ` · ${fix}`}
      </span>
    </p>
  );
}

/** Locations that stand for configured ones are declared in no file. */
function lineOf({ location, line }: { readonly location: string; readonly line: number }): number | undefined {
  return /^(?:file|url|git):/.test(location) ? line : undefined;
}
