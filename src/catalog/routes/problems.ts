import type { Static } from 'typebox';
import { listProblems, type ProblemGroup, type ProblemGrouping, type ProblemItem } from '../../api/problems.ts';
import type { CatalogConfig } from '../../config/config.ts';
import { testSubject } from '../../graph/predicate-test.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { Problem } from '../../model/problem.ts';
import { linePage } from '../line-page.ts';
import { instant } from './instant.ts';
import { keysetPage } from './keyset.ts';
import { canonicalRef } from './named-entity.ts';
import { ownersOfProblems } from './problem-owners.ts';
import { readView } from './read.ts';
import { selectionPredicate, type Selection } from './selection.ts';

const PAGE = 100;

/** Most groups that an answer counts. */
const MOST_GROUPS = 500;

type Grouping = Static<typeof ProblemGrouping>;
type OwnersOf = (problem: Problem) => readonly string[];

/** What problems are chosen by; all that is given must hold. */
interface ProblemSelection extends Pick<Selection, 'where' | 'filter'> {
  readonly location?: string;
  readonly source?: string;
  readonly entity?: string;
  readonly owner?: string;
  readonly unowned?: boolean;
  readonly severity?: Problem['severity'];
  readonly code?: readonly string[];
  readonly q?: string;
}

function selectProblems(view: View, asked: ProblemSelection, ownersOf: OwnersOf): readonly Problem[] {
  const entity = asked.entity === undefined ? undefined : canonicalRef(asked.entity);
  const owners = asked.owner?.split(',').map((owner) => canonicalRef(owner, 'Group'));
  const text = asked.q?.toLowerCase() ?? '';
  const isOfChosen = testOfEntities(view, asked);
  return view
    .problems()
    .filter(
      (problem) =>
        (asked.location === undefined || problem.location === asked.location) &&
        (asked.source === undefined || problem.source === asked.source) &&
        (asked.severity === undefined || problem.severity === asked.severity) &&
        (asked.code === undefined || asked.code.includes(problem.code)) &&
        (entity === undefined || problem.entityRef === entity) &&
        (text === '' || holds(problem, text)) &&
        isOfChosen(problem) &&
        (owners === undefined || ownersOf(problem).some((owner) => owners.includes(owner))) &&
        (asked.unowned !== true || ownersOf(problem).length === 0),
    );
}

/** Tests whether a problem is one of an entity that the conditions choose. */
function testOfEntities(view: View, { where, filter }: ProblemSelection): (problem: Problem) => boolean {
  const condition = selectionPredicate({ where, filter });
  if (condition === undefined) return () => true;
  const context = { principal: view.visibility.principal };
  return ({ entityRef }) => {
    const id = entityRef === undefined ? undefined : view.find(entityRef);
    return id !== undefined && testSubject(condition, view.subject(id), context) === true;
  };
}

function holds({ message, location, path, entityRef }: Problem, text: string): boolean {
  return [message, location, path, entityRef].some((part) => part?.toLowerCase().includes(text));
}

/** What a problem is counted under; nothing known comes last. */
function groupsOf(problem: Problem, group: Grouping, ownersOf: OwnersOf): readonly (string | undefined)[] {
  if (group === 'location') return [problem.location];
  if (group === 'code') return [problem.code];
  const owners = ownersOf(problem);
  return owners.length === 0 ? [undefined] : owners;
}

function countGroups(problems: readonly Problem[], group: Grouping, ownersOf: OwnersOf): ProblemGroup[] {
  const counts = new Map<string | undefined, { errors: number; warnings: number }>();
  for (const problem of problems) {
    for (const value of groupsOf(problem, group, ownersOf)) {
      const count = counts.get(value) ?? { errors: 0, warnings: 0 };
      if (problem.severity === 'error') count.errors += 1;
      else count.warnings += 1;
      counts.set(value, count);
    }
  }
  return [...counts]
    .map(([value, count]) => ({ ...(value !== undefined && { value }), ...count }))
    .sort((one, other) => other.errors - one.errors || other.warnings - one.warnings || compareValues(one, other))
    .slice(0, MOST_GROUPS);
}

function compareValues({ value: one }: ProblemGroup, { value: other }: ProblemGroup): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  return one < other ? -1 : Number(one > other);
}

/** Errors first, then by location and line; within a group where one is asked. */
function keyOf(group: Grouping | undefined, ownersOf: OwnersOf): (problem: Problem) => string {
  return (problem) => {
    const { severity, location, line = 0, id } = problem;
    const place = [severity, location, String(line).padStart(9, '0'), id];
    if (group === undefined) return place.join('\n');
    const [first] = groupsOf(problem, group, ownersOf);
    return [first ?? '\uFFFF', ...place].join('\n');
  };
}

function problemItem(problem: Problem, ownersOf: OwnersOf, forges: CatalogConfig['forges']): ProblemItem {
  const { id, severity, code, message, fix, source, location, line, column, path, entityRef, since } = problem;
  const owners = ownersOf(problem);
  const viewUrl = linePage(location, line, forges);
  return {
    id,
    severity,
    code,
    message,
    source,
    location,
    since: instant(since),
    ...(fix !== undefined && { fix }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(path !== undefined && { path }),
    ...(entityRef !== undefined && { entityRef }),
    ...(owners.length > 0 && { owners: [...owners] }),
    ...(viewUrl !== undefined && { viewUrl }),
  };
}

/** The routes of problems. */
export function problemRoutes({ forges }: CatalogConfig): readonly Route[] {
  const list = implementRoute(listProblems, (request, context) =>
    readView(request, request.query.minRevision, context, (view) => {
      const { limit, cursor, group, ...asked } = request.query;
      const ownersOf = ownersOfProblems(view);
      const chosen = selectProblems(view, asked, ownersOf);
      const page = keysetPage(chosen, keyOf(group, ownersOf), { limit, cursor }, PAGE);
      return {
        revision: view.revision,
        ...page,
        items: page.items.map((problem) => problemItem(problem, ownersOf, forges)),
        ...(group !== undefined && { groups: countGroups(chosen, group, ownersOf) }),
      };
    }),
  );
  return [list];
}
