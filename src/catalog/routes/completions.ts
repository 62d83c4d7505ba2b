import { getCompletions, type CompletionItem } from '../../api/completions.ts';
import { LIBRARY } from '../../cel/library.ts';
import type { Overload } from '../../cel/overload.ts';
import { Pacer } from '../../graph/pacer.ts';
import type { PathName, View } from '../../graph/view.ts';
import type { DomainContext, Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { readView } from './read.ts';

const ITEMS = 20;
/** Paths that are shown with values: each is counted over all entities, and what was counted is kept for a few. */
const MOST_EXAMPLED = 6;
/** Values that are shown of a path, and how much of each. */
const EXAMPLES = 3;
const EXAMPLE_LENGTH = 40;

const OVERLOADS: readonly Overload[] = LIBRARY.flatMap(([, overloads]) => overloads);

const complete = implementRoute(getCompletions, (request, context) =>
  readView(request, request.query.minRevision, context, async (view) => {
    const { revision } = view;
    const { prefix = '', limit = ITEMS } = request.query;
    const paths = view.paths(prefix, limit);
    // Where fields go on, methods of what stands before them would only be in the way.
    const isMethod = prefix.includes('.');
    const functions = isMethod && paths.length > 0 ? [] : functionItems(prefix, limit);
    const items = [...(await pathItems(view, paths, context)), ...functions];
    return { revision, items: items.slice(0, limit) };
  }),
);

async function pathItems(
  view: View,
  paths: readonly PathName[],
  { clock }: DomainContext,
): Promise<readonly CompletionItem[]> {
  const pacer = new Pacer(clock);
  const items: CompletionItem[] = [];
  let exampled = 0;
  for (const { path, type, count } of paths) {
    const isExampled = type !== 'map' && exampled < MOST_EXAMPLED;
    if (isExampled) exampled += 1;
    if (pacer.isDue()) await pacer.pause();
    const values = isExampled ? (view.facets([path], undefined, EXAMPLES).get(path) ?? []) : [];
    items.push({ text: path, type, count, examples: values.map(({ value }) => value.slice(0, EXAMPLE_LENGTH)) });
  }
  return items;
}

/** Functions by name; after a dot, methods. */
function functionItems(prefix: string, limit: number): readonly CompletionItem[] {
  const dot = prefix.lastIndexOf('.');
  const wanted = prefix.slice(dot + 1).toLowerCase();
  const receiver = prefix.slice(0, dot + 1);
  const items = new Map<string, CompletionItem>();
  for (const { name, on, params, result, doc } of OVERLOADS) {
    const isMethod = on !== undefined;
    if (isMethod !== (dot !== -1) || !name.toLowerCase().startsWith(wanted) || items.has(name)) continue;
    const signature = `${isMethod ? `${on}.` : ''}${name}(${params.join(', ')}) -> ${result}`;
    const type = isMethod ? 'method' : 'function';
    items.set(name, { text: `${receiver}${name}(`, type, examples: [], signature, doc });
    if (items.size === limit) break;
  }
  return [...items.values()];
}

/** The routes of completion. */
export const completionRoutes: readonly Route[] = [complete];
