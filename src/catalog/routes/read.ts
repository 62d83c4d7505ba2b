import type { View } from '../../graph/view.ts';
import type { DomainContext, RouteRequest } from '../../manifest/manifest.ts';

/**
 * Answers from the view of the request, once this server shows the revision that the client asks for. Without
 * `minRevision`, or where it is already shown, the answer is made at once, without a promise.
 *
 * @throws CACHE_BEHIND when the revision does not come in time
 */
export function readView<Answer>(
  request: RouteRequest,
  minRevision: number | undefined,
  context: DomainContext,
  answer: (view: View) => Answer,
): Answer | Promise<Awaited<Answer>> {
  if (minRevision === undefined || minRevision <= context.graph.revision) return answer(request.view);
  return answerLater(request, minRevision, context, answer);
}

async function answerLater<Answer>(
  request: RouteRequest,
  minRevision: number,
  context: DomainContext,
  answer: (view: View) => Answer,
): Promise<Awaited<Answer>> {
  await context.graph.waitFor(minRevision, { signal: request.signal });
  return await answer(request.view);
}
