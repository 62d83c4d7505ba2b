import type { ReactNode } from 'react';
import { useAction } from '../../data/use-action.ts';
import { choiceOf, type Edits, keyOf } from './choices.ts';
import type { UnownedSearch } from './unowned-search.ts';
import { descriptorsOf, MOST_CHOSEN, readAllUnclaimed } from './use-unowned.ts';

/** What can be done with what is chosen: everything of the choice can be, not this page of it alone. */
export function ChosenBar({
  search,
  total,
  chosen,
  edits,
  choose,
}: {
  readonly search: UnownedSearch;
  readonly total: number;
  readonly chosen: ReadonlySet<string>;
  readonly edits: Edits;
  readonly choose: (chosen: ReadonlySet<string>) => void;
}): ReactNode {
  const all = useAction<undefined, ReadonlySet<string>>(
    async () => new Set((await readAllUnclaimed(search)).map(keyOf)),
    choose,
  );
  const file = useAction<undefined, number>(async () => {
    const keys = [...chosen].slice(0, MOST_CHOSEN);
    download(await descriptorsOf(keys.map((key) => choiceOf(key, edits))));
    return keys.length;
  });
  const isRunning = file.state.phase === 'running';
  const failure = [all.state, file.state].find((state) => state.phase === 'failed');
  return (
    <div className="unowned-bar">
      <output className="unowned-count">
        {chosen.size === 0 ? 'None chosen' : `${chosen.size.toLocaleString()} chosen`}
        {file.state.phase === 'done' && `; ${file.state.result.toLocaleString()} written to catalog-info.yaml`}
        {failure?.phase === 'failed' && (
          <span className="source-error"> {failure.failure.detail ?? failure.failure.title}</span>
        )}
      </output>
      <button
        type="button"
        className="button"
        aria-disabled={all.state.phase === 'running'}
        onClick={() => all.run(undefined)}
      >
        {total > MOST_CHOSEN ? `Choose the first ${MOST_CHOSEN}` : `Choose all ${total.toLocaleString()}`}
      </button>
      <button type="button" className="button" disabled={chosen.size === 0} onClick={() => choose(new Set())}>
        Choose none
      </button>
      <button
        type="button"
        className="button button-primary"
        disabled={chosen.size === 0}
        aria-disabled={isRunning}
        onClick={() => file.run(undefined)}
      >
        Download descriptors
      </button>
    </div>
  );
}

function download(yaml: string): void {
  const url = URL.createObjectURL(new Blob([yaml], { type: 'application/yaml' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: 'catalog-info.yaml' });
  link.click();
  URL.revokeObjectURL(url);
}
