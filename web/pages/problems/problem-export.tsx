import type { ReactNode } from 'react';
import { useAction } from '../../data/use-action.ts';
import { problemsCsv, problemsText } from './problem-text.ts';
import type { ProblemsSearch } from './problems-search.ts';
import { MOST_EXPORTED, readAllProblems } from './use-problems.ts';

type Way = 'text' | 'csv';

/** What came of an export, for the line beside the buttons. */
interface Exported {
  readonly way: Way;
  readonly count: number;
}

/** Takes the whole choice away, not this page of it alone: as text for a message, as a table for a spreadsheet. */
export function ProblemExport({ search }: { readonly search: ProblemsSearch }): ReactNode {
  const { state, run } = useAction<Way, Exported>((way) => exportProblems(way, search));
  const isRunning = state.phase === 'running';
  return (
    <div className="button-row problem-export">
      <output className="form-hint">
        {isRunning && 'Reading all of them…'}
        {state.phase === 'done' && outcome(state.result)}
        {state.phase === 'failed' && (
          <span className="source-error">{state.failure.detail ?? state.failure.title}</span>
        )}
      </output>
      <button type="button" className="button" aria-disabled={isRunning} onClick={() => run('text')}>
        Copy as text
      </button>
      <button type="button" className="button" aria-disabled={isRunning} onClick={() => run('csv')}>
        Export CSV
      </button>
    </div>
  );
}

function outcome({ way, count }: Exported): string {
  const limit = count === MOST_EXPORTED ? ', the most at once' : '';
  return `${way === 'text' ? 'Copied' : 'Exported'} ${count.toLocaleString()}${limit}`;
}

async function exportProblems(way: Way, search: ProblemsSearch): Promise<Exported> {
  const problems = await readAllProblems(search);
  if (way === 'csv') download(problemsCsv(problems));
  else await copy(problemsText(problems));
  return { way, count: problems.length };
}

async function copy(text: string): Promise<void> {
  // Browsers have no clipboard on plain http beyond localhost.
  if (navigator.clipboard === undefined) throw new Error('The browser lets pages without https copy nothing');
  await navigator.clipboard.writeText(text);
}

function download(csv: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: 'problems.csv' });
  link.click();
  URL.revokeObjectURL(url);
}
