import { isSearchPath } from '../../../src/model/search-filters.ts';
import type { FilterChoice } from './filter-completion.ts';
import { useCompletions } from './use-completions.ts';

const ROOTS = ['facts.', 'metadata.', 'spec.', 'relations.'];

/** Paths of the catalog that begin as typed. @param prefix absent: none are wanted */
export function usePathChoices(prefix: string | undefined): readonly FilterChoice[] {
  const wanted = prefix ?? '';
  const isPath = isSearchPath(`${wanted}x`);
  const items = useCompletions(isPath ? wanted : undefined);
  if (wanted === '') return [];
  if (!isPath) {
    const roots = ROOTS.filter((root) => root.startsWith(wanted.toLowerCase()));
    return roots.map((root) => ({ text: root, label: root, note: 'any path', isWhole: false }));
  }
  return items.flatMap(({ text, type, examples }): readonly FilterChoice[] => {
    if (type === 'function' || type === 'method') return [];
    const note = examples.length > 0 ? `e.g. ${examples.join(', ')}` : undefined;
    return [{ text: type === 'map' ? `${text}.` : `${text}:`, label: text, note, isWhole: false }];
  });
}
