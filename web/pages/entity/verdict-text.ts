import type { MarkState } from '../../ui/mark.tsx';
import type { SourceData } from '../sources/use-sources.ts';
import { countText } from './count-text.ts';
import type { FactData, ProblemData } from './use-entity.ts';

/** What is known that could speak against an entity; absent: nobody could tell. */
export interface Evidence {
  readonly problems: readonly ProblemData[] | undefined;
  readonly facts: readonly FactData[] | undefined;
  /** The source that declares it. */
  readonly source: SourceData | undefined;
  /** True when a document at the place of its declaration cannot be read. */
  readonly isPlaceBroken?: boolean | undefined;
  /** The words for problems of what it holds or owns; absent: none is known. */
  readonly held?: string | undefined;
}

/** The state of an entity in a few words, and since when (ms since the epoch) where that is known. */
export interface Judgement {
  readonly state: MarkState;
  readonly words: string;
  readonly since?: number | undefined;
}

/**
 * Judges what the catalog says of an entity, the worst first. Nothing is called good before everything that could say
 * otherwise has been heard.
 */
export function judge({ problems, facts, source, held, isPlaceBroken = false }: Evidence): Judgement {
  if (!problems || !facts) return { state: 'unknown', words: 'Its state is not known: the server did not say' };
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  if (errors.length > 0) {
    return { state: 'degraded', words: `${countText(errors.length, 'error')} in its descriptor`, since: first(errors) };
  }
  if (source && source.state !== 'fresh') {
    const checkedAt = source.checkedAt === undefined ? undefined : Date.parse(source.checkedAt);
    return { state: 'stale', words: sourceWords[source.state], since: checkedAt };
  }
  if (isPlaceBroken) {
    return { state: 'stale', words: 'A document of its file cannot be read: this may be out of date' };
  }
  const failed = facts.filter(({ state }) => state === 'failed').length;
  if (failed > 0) return { state: 'unknown', words: `${countText(failed, 'fact')} could not be observed` };
  const stale = facts.filter(({ state }) => state === 'stale').length;
  if (stale > 0) return { state: 'stale', words: `${countText(stale, 'fact')} out of date` };
  if (warnings.length > 0) {
    const words = `${countText(warnings.length, 'warning')} on its descriptor`;
    return { state: 'warning', words, since: first(warnings) };
  }
  if (held !== undefined) return { state: 'warning', words: held };
  if (!source) return { state: 'unknown', words: 'No problem known; its source does not tell how fresh it is' };
  return { state: 'healthy', words: 'Its descriptor has no problem' };
}

const sourceWords: Readonly<Record<'stale' | 'failed' | 'never', string>> = {
  stale: 'Its source has not been read in time: this may be out of date',
  failed: 'Its source cannot be read: this may be out of date',
  never: 'Its source has never been read completely',
};

function first(problems: readonly ProblemData[]): number {
  return Math.min(...problems.map(({ since }) => Date.parse(since)));
}
