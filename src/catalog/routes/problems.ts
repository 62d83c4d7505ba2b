import { listProblems, type ProblemItem } from '../../api/problems.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { Problem } from '../../model/problem.ts';
import { instant } from './instant.ts';
import { keysetPage } from './keyset.ts';
import { canonicalRef } from './named-entity.ts';
import { readView } from './read.ts';

const PAGE = 100;

/** What problems are chosen by; all that is given must hold. */
interface ProblemSelection {
  readonly location?: string;
  readonly source?: string;
  readonly entity?: string;
  readonly owner?: string;
  readonly severity?: Problem['severity'];
  readonly code?: readonly string[];
}

function selectProblems(view: View, asked: ProblemSelection): readonly Problem[] {
  const entity = asked.entity === undefined ? undefined : canonicalRef(asked.entity);
  const owner = asked.owner === undefined ? undefined : canonicalRef(asked.owner, 'Group');
  return view
    .problems()
    .filter(
      (problem) =>
        (asked.location === undefined || problem.location === asked.location) &&
        (asked.source === undefined || problem.source === asked.source) &&
        (asked.severity === undefined || problem.severity === asked.severity) &&
        (asked.code === undefined || asked.code.includes(problem.code)) &&
        (entity === undefined || problem.entityRef === entity) &&
        (owner === undefined || isOwnedBy(view, problem.entityRef, owner)),
    );
}

function isOwnedBy(view: View, ref: string | undefined, owner: string): boolean {
  const id = ref === undefined ? undefined : view.find(ref);
  return (
    id !== undefined && view.relations(id).some(({ type, targetRef }) => type === 'ownedBy' && targetRef === owner)
  );
}

/** Errors first, then by location and line. */
function problemKey({ severity, location, line = 0, id }: Problem): string {
  return [severity, location, String(line).padStart(9, '0'), id].join('\n');
}

function problemItem(problem: Problem): ProblemItem {
  const { id, severity, code, message, fix, source, location, line, column, path, entityRef, since } = problem;
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
  };
}

const problems = implementRoute(listProblems, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { limit, cursor, ...asked } = request.query;
    const page = keysetPage(selectProblems(view, asked), problemKey, { limit, cursor }, PAGE);
    return { revision: view.revision, ...page, items: page.items.map(problemItem) };
  }),
);

/** The routes of problems. */
export const problemRoutes: readonly Route[] = [problems];
