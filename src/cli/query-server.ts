import type { RenderedEntity } from '../model/entity.ts';
import type { QueryAnswer, Question } from './query-answer.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';

const pageSize = 1000;

/**
 * Asks a running server, page by page until the limit.
 *
 * @throws ARGUMENT_INVALID, SERVER_UNREACHABLE, or the server's own error
 */
export async function askServer(
  target: ServerTarget,
  question: Question,
  surroundings: Surroundings,
): Promise<QueryAnswer> {
  const connection = connectServer(target, surroundings);
  const { where, search, order, explain } = question;
  const items: RenderedEntity[] = [];
  let cursor: string | undefined;
  for (;;) {
    const limit = Math.min(question.limit - items.length, pageSize);
    const page = await connection.call('POST /api/v1/query', {
      body: { where, search, limit, order, cursor, ...(explain && { explain }) },
    });
    items.push(...page.items);
    cursor = page.next;
    if (cursor !== undefined && items.length < question.limit && page.items.length > 0) continue;
    return { revision: page.revision, total: page.total, unknown: page.unknown, items, plan: page.plan };
  }
}
