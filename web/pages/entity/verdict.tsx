import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Age } from '../../ui/age.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { useSources, type SourceData } from '../sources/use-sources.ts';
import { useEntityProblems, useFacts, useHistory, type FactData, type ProblemData } from './use-entity.ts';

/** Problems said in full; the rest stands under Problems. */
const SHOWN_PROBLEMS = 2;

/**
 * The sentence that one reads first: is something wrong with what the catalog says of this entity, where does it come
 * from, how fresh is it. Nothing is called good before everything that could say otherwise has been heard.
 */
export function Verdict({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const problems = useEntityProblems(parts);
  const facts = useFacts(parts);
  const history = useHistory(parts);
  const sources = useSources();
  const latest = history.data?.items[0];
  const source = sources.data?.items.find((item) => item.collector === 'catalog' && item.source === latest?.source);
  const isWaiting = [problems, facts, history, sources].some(({ data, failure }) => data === undefined && !failure);
  const { state, words } = isWaiting
    ? { state: 'unknown' as const, words: 'Looking …' }
    : judge(problems.data?.items, facts.data?.items, source);
  return (
    <section className={`verdict verdict-${state}`} aria-label="State">
      <Mark state={state}>{words}</Mark>
      {problems.data?.items.slice(0, SHOWN_PROBLEMS).map(({ id, message }) => (
        <p key={id} className="verdict-problem">
          {message}
        </p>
      ))}
      {latest && (
        <p>
          Declared in <LocationText location={latest.location} source={latest.source} />
          {latest.commit !== undefined && (
            <>
              {' '}
              at <code>{latest.commit.slice(0, 12)}</code>
            </>
          )}
          , last changed <Age at={Date.parse(latest.at)} suffix=" ago" />
          {source?.checkedAt !== undefined && (
            <>
              , read <Age at={Date.parse(source.checkedAt)} suffix=" ago" />
            </>
          )}
          .
        </p>
      )}
      {source?.error !== undefined && <p>The source fails: {source.error}</p>}
    </section>
  );
}

interface Judgement {
  readonly state: MarkState;
  readonly words: string;
}

function judge(
  problems: readonly ProblemData[] | undefined,
  facts: readonly FactData[] | undefined,
  source: SourceData | undefined,
): Judgement {
  if (!problems || !facts) return { state: 'unknown', words: 'Its state is not known: the server did not say.' };
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const others = problems.length - errors;
  if (errors > 0) return { state: 'degraded', words: `${count(errors, 'error')} in its descriptor` };
  const stale = facts.filter((fact) => fact.state === 'stale').length;
  const failed = facts.filter((fact) => fact.state === 'failed').length;
  if (source && source.state !== 'fresh') return { state: 'stale', words: sourceWords[source.state] };
  if (failed > 0) return { state: 'unknown', words: `${count(failed, 'fact')} could not be observed` };
  if (stale > 0) return { state: 'stale', words: `${count(stale, 'fact')} out of date` };
  if (others > 0) return { state: 'warning', words: `${count(others, 'warning')} on its descriptor` };
  if (!source) return { state: 'unknown', words: 'No problem known; its source does not tell how fresh it is' };
  return { state: 'healthy', words: 'Its descriptor has no problem' };
}

const sourceWords: Readonly<Record<'stale' | 'failed' | 'never', string>> = {
  stale: 'Its source has not been read in time: this may be out of date',
  failed: 'Its source cannot be read: this may be out of date',
  never: 'Its source has never been read completely',
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
