import { CallboardError, errorMessage } from '../base/errors.ts';
import { ClientError, createClient } from '../client.ts';
import type { RenderedEntity } from '../model/entity.ts';
import { commandFailure } from './errors.ts';
import type { QueryAnswer, Question } from './query-answer.ts';

const pageSize = 1000;

/** The client's error with the meaning that exit codes are made from. */
function failure(thrown: unknown, server: string): unknown {
  if (!(thrown instanceof ClientError)) return thrown;
  if (thrown.status === 0 || thrown.code === 'ANSWER_UNREADABLE') {
    const cause = thrown.cause instanceof Error ? (thrown.cause.cause ?? thrown.cause) : thrown;
    return commandFailure('SERVER_UNREACHABLE', { server, reason: errorMessage(cause) }, thrown);
  }
  return new CallboardError(thrown.code, thrown.status, thrown.message, {}, thrown);
}

/**
 * Asks a running server, page by page until the limit.
 *
 * @throws SERVER_UNREACHABLE, or the server's own error
 */
export async function askServer(server: string, question: Question): Promise<QueryAnswer> {
  const client = createClient({ baseUrl: server });
  const { where, order, explain } = question;
  const items: RenderedEntity[] = [];
  let cursor: string | undefined;
  for (;;) {
    const limit = Math.min(question.limit - items.length, pageSize);
    try {
      const page = await client.call('POST /api/v1/query', {
        body: {
          where,
          limit,
          ...(order === undefined ? {} : { order }),
          ...(explain ? { explain } : {}),
          ...(cursor === undefined ? {} : { cursor }),
        },
      });
      items.push(...page.items);
      cursor = page.next;
      if (cursor !== undefined && items.length < question.limit && page.items.length > 0) continue;
      return { revision: page.revision, total: page.total, unknown: page.unknown, items, plan: page.plan };
    } catch (thrown) {
      throw failure(thrown, server);
    }
  }
}
