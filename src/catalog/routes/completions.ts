import { getCompletions, type CompletionItem } from '../../api/completions.ts';
import { LIBRARY } from '../../cel/library.ts';
import type { Overload } from '../../cel/overload.ts';
import type { PathName, View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { readView } from './read.ts';

const ITEMS = 20;
/** Values that are shown of a path, and how much of each. */
const EXAMPLES = 3;
const EXAMPLE_LENGTH = 40;

const OVERLOADS: readonly Overload[] = LIBRARY.flatMap(([, overloads]) => overloads);

const complete = implementRoute(getCompletions, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { prefix = '', limit = ITEMS } = request.query;
    const paths = view.paths(prefix, limit);
    // Where fields go on, methods of what stands before them would only be in the way.
    const isMethod = prefix.includes('.');
    const functions = isMethod && paths.length > 0 ? [] : functionItems(prefix, limit);
    const items = [...pathItems(view, paths), ...functions];
    return { revision: view.revision, items: items.slice(0, limit) };
  }),
);

function pathItems(view: View, paths: readonly PathName[]): readonly CompletionItem[] {
  const valued = paths.filter(({ type }) => type !== 'map').map(({ path }) => path);
  const values = view.facets(valued, undefined, EXAMPLES);
  return paths.map(({ path, type, count }) => ({
    text: path,
    type,
    count,
    examples: (values.get(path) ?? []).map(({ value }) => value.slice(0, EXAMPLE_LENGTH)),
  }));
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
