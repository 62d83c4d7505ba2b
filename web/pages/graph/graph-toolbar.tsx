import type { ReactNode } from 'react';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { FOLDS, TWINS, type FoldKey, type GraphSearch, type Twin } from './graph-search.ts';

const FOLD_WORDS: Readonly<Record<FoldKey, string>> = { system: 'System', domain: 'Domain', owner: 'Owner' };
const TWIN_WORDS: Readonly<Record<Twin, string>> = { graph: 'Drawing', table: 'Table', both: 'Both' };

/** How far, in which direction, and folded by what; all of it in the URL. */
export function NeighbourhoodChoices({ search }: { readonly search: GraphSearch }): ReactNode {
  return (
    <>
      <Segments
        label="Depth"
        choices={[undefined, '2', '3'] as const}
        isOn={(depth) => search.depth === depth}
        words={(depth) => depth ?? '1'}
        change={(depth) => ({ depth })}
      />
      <Segments
        label="Direction"
        choices={[undefined, 'out', 'in'] as const}
        isOn={(dir) => search.dir === dir}
        words={(dir) => (dir === undefined ? 'Both' : dir === 'out' ? 'Needed' : 'Needing')}
        change={(dir) => ({ dir })}
      />
      <Segments
        label="Fold by"
        choices={[undefined, ...FOLDS]}
        isOn={(fold) => search.fold === fold}
        words={(fold) => (fold === undefined ? 'Nothing' : FOLD_WORDS[fold])}
        change={(fold) => ({ fold, open: undefined })}
      />
    </>
  );
}

/** Drawing, table or both. */
export function TwinChoice({ twin, usual }: { readonly twin: Twin; readonly usual: Twin }): ReactNode {
  return (
    <Segments
      label="Show as"
      choices={TWINS}
      isOn={(choice) => twin === choice}
      words={(choice) => TWIN_WORDS[choice]}
      change={(choice) => ({ twin: choice === usual ? undefined : choice })}
    />
  );
}

function Segments<Choice extends string | undefined>({
  label,
  choices,
  isOn,
  words,
  change,
}: {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly isOn: (choice: Choice) => boolean;
  readonly words: (choice: Choice) => string;
  readonly change: (choice: Choice) => GraphSearch;
}): ReactNode {
  return (
    <div className="graph-choice">
      <span className="graph-choice-label">{label}</span>
      <nav className="segments" aria-label={label}>
        {choices.map((choice) => (
          <ChoiceLink
            key={choice ?? ''}
            from="/graph"
            to="/graph"
            search={(now: GraphSearch) => ({ ...now, ...change(choice) })}
            className="segment"
            isOn={isOn(choice)}
            resetScroll={false}
          >
            {words(choice)}
          </ChoiceLink>
        ))}
      </nav>
    </div>
  );
}
