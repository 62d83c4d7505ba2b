import { defineErrors } from '../base/errors.ts';

/** Makes the errors of the graph. A watch also throws the store's REVISION_EXPIRED. */
export const graphError = defineErrors({
  CURSOR_INVALID: { status: 400, message: 'The cursor cannot be used: {reason}. Start again without it' },
  CACHE_BEHIND: { status: 503, message: 'The cache is at revision {at} and did not reach {wanted} in time' },
  GRAPH_CLOSED: { status: 503, message: 'The graph is closed' },
  HANDLE_INVALID: { status: 500, message: 'Entity handle {id} means no visible entity' },
  QUERY_TOO_EXPENSIVE: {
    status: 422,
    message: 'The query was stopped after evaluating {evaluated} entities one by one: {hint}',
  },
  WATCH_FAILED: { status: 500, message: 'The condition of this watch could not be answered' },
  WATCH_OVERFLOW: { status: 410, message: 'More than {max} changes wait for this watcher: read the list again' },
});
