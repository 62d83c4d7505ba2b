import type { CompletionItem } from '../../../src/api/completions.ts';
import { api } from '../../data/session.ts';
import { useResource } from '../../data/use-resource.ts';

const SHOWN = 12;
const NONE: readonly CompletionItem[] = [];

/** Paths and functions that go on from what was typed. @param prefix absent: none are wanted */
export function useCompletions(prefix: string | undefined): readonly CompletionItem[] {
  const answer = useResource<readonly CompletionItem[]>({
    key: prefix === undefined ? 'completions none' : `completions ${prefix}`,
    load: async (signal) =>
      prefix === undefined
        ? NONE
        : (await api.call('GET /api/v1/query/completions', { query: { prefix, limit: SHOWN }, signal })).items,
    isAffected: () => false,
  });
  return prefix === undefined ? NONE : (answer.data ?? NONE);
}
