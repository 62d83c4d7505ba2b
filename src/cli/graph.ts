import type { Dependents, Neighbourhood } from '../api/neighbourhood.ts';
import { dotText, mermaidText, relationWords, type TextGraph } from '../model/graph-text.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { plural } from './finding-text.ts';
import { readLimit } from './limit.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { textTable } from './text-table.ts';

/** How `callboard graph` prints: also as a picture's text. */
export type GraphOutput = 'text' | 'json' | 'mermaid' | 'dot';

/** What `callboard graph` was told. */
export interface GraphRequest extends ServerTarget {
  readonly entity: string;
  readonly depth: string;
  readonly direction?: 'in' | 'out';
  readonly relation?: readonly string[];
  readonly fold?: 'system' | 'domain' | 'owner';
  readonly output: GraphOutput;
}

/** What `callboard graph dependents` was told. */
export interface DependentsRequest extends ServerTarget {
  readonly entity: string;
  readonly direction: 'in' | 'out';
  readonly depth?: string;
  readonly relation?: readonly string[];
  readonly limit: string;
  readonly output: 'text' | 'json';
}

/** What `callboard graph path` was told. */
export interface PathRequest extends ServerTarget {
  readonly from: string;
  readonly to: string;
  readonly relation?: readonly string[];
  readonly output: 'text' | 'json';
}

const DRAWN = 60;
const PAGE = 500;

/** `callboard graph`: what stands around an entity, as a list of edges or as the text of a picture. */
export async function runGraph(request: GraphRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { entity, depth, direction, relation, fold, output } = request;
  const query = { root: entity, depth: Number(depth), direction, relation: copy(relation), fold, limit: DRAWN };
  const answer = await connectServer(request, surroundings).call('GET /api/v1/graph/neighbourhood', { query });
  surroundings.out(written(answer, output).trimEnd());
  return exitCodes.ok;
}

function written(answer: Neighbourhood, output: GraphOutput): string {
  switch (output) {
    case 'json':
      return JSON.stringify(answer, undefined, 2);
    case 'mermaid':
      return mermaidText(textGraph(answer));
    case 'dot':
      return dotText(textGraph(answer));
    case 'text':
      return edgeTable(answer);
  }
}

function textGraph({ nodes, groups, edges }: Neighbourhood): TextGraph {
  return {
    nodes: [
      ...nodes.map(({ ref, title, name, kind, exists }) => ({
        id: ref,
        lines: [title ?? name, exists ? kind : `${kind}, missing`],
        isBroken: !exists,
      })),
      ...groups.map(({ id, title, count }) => ({ id, lines: [title, `${count} entities`], isBroken: true })),
    ],
    edges,
  };
}

function edgeTable({ nodes, groups, edges, relations }: Neighbourhood): string {
  const names = new Map(groups.map(({ id, title, count }) => [id, `${title} (${count} entities)`]));
  const rows = edges.map(({ from, type, to, count }) => [
    names.get(from) ?? from,
    relationWords(type),
    names.get(to) ?? to,
    String(count),
  ]);
  const hidden = relations.reduce((sum, relation) => sum + relation.hidden, 0);
  const shown = `${nodes.length} ${nodes.length === 1 ? 'entity' : 'entities'}, ${plural(groups.length, 'group')}`;
  return `${textTable(['from', 'relation', 'to', 'edges'], rows)}\n${shown}, ${plural(hidden, 'edge')} hidden`;
}

/** `callboard graph dependents`: what feels it when an entity fails, or what it needs; nearest first. */
export async function runDependents(request: DependentsRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { entity, direction, depth, relation, output } = request;
  const most = readLimit(request.limit);
  const connection = connectServer(request, surroundings);
  const items: Dependents['items'] = [];
  let answer: Dependents | undefined;
  do {
    answer = await connection.call('GET /api/v1/graph/dependents', {
      query: {
        root: entity,
        direction,
        depth: depth === undefined ? undefined : Number(depth),
        relation: copy(relation),
        limit: Math.min(PAGE, most - items.length),
        cursor: answer?.next,
      },
    });
    items.push(...answer.items);
  } while (answer.next !== undefined && items.length < most);
  const { total, direct, complete, counts } = answer;
  if (output === 'json') {
    surroundings.out(JSON.stringify({ total, direct, complete, counts, items }, undefined, 2));
    return exitCodes.ok;
  }
  const rows = items.map(({ distance, ref, owner = '-', lifecycle = '-', first }) => [
    String(distance),
    ref,
    owner,
    lifecycle,
    first.ref === ref ? relationWords(first.type) : `over ${first.ref}`,
  ]);
  const more = complete ? '' : ' or more';
  const shown = items.length < total ? `, ${items.length} shown` : '';
  const sum = `${total}${more} ${total === 1 ? 'entity' : 'entities'}, ${direct} of them at once${shown}`;
  surroundings.out(
    [...(rows.length === 0 ? [] : [textTable(['distance', 'entity', 'owner', 'lifecycle', 'how'], rows)]), sum].join(
      '\n',
    ),
  );
  return exitCodes.ok;
}

/** `callboard graph path`: the shortest ways between two entities. */
export async function runPath(request: PathRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { from, to, relation, output } = request;
  const answer = await connectServer(request, surroundings).call('GET /api/v1/graph/path', {
    query: { from, to, relation: copy(relation) },
  });
  if (output === 'json') {
    surroundings.out(JSON.stringify(answer, undefined, 2));
    return exitCodes.ok;
  }
  const tables = answer.paths.map((path) =>
    textTable(
      ['from', 'relation', 'to'],
      path.map((edge) => [edge.from, relationWords(edge.type), edge.to]),
    ),
  );
  surroundings.out([...tables, outcomeText(answer)].join('\n\n'));
  return exitCodes.ok;
}

function outcomeText({
  outcome,
  paths,
  more,
  visited,
}: {
  readonly outcome: 'found' | 'none' | 'gave-up';
  readonly paths: readonly (readonly unknown[])[];
  readonly more: boolean;
  readonly visited: number;
}): string {
  if (outcome === 'none') return 'No way leads from one to the other.';
  if (outcome === 'gave-up')
    return `No way was found among the ${visited} nearest entities; there may be a longer one.`;
  const edges = paths[0]?.length ?? 0;
  return `${plural(paths.length, 'shortest way')} of ${plural(edges, 'edge')}${more ? '; there are more' : ''}`;
}

function copy(relation: readonly string[] | undefined): string[] | undefined {
  return relation && [...relation];
}
