import { commandFailure } from './errors.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { OutputFormat } from './definition.ts';
import { readLimit } from './limit.ts';
import { renderAnswer } from './query-answer.ts';
import type { QueryAnswer, Question } from './query-answer.ts';
import type { ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';

/** What `callboard query` was told. */
export interface QueryRequest extends ServerTarget {
  /** CEL. */
  readonly expression?: string | undefined;
  /** Words and filters. */
  readonly search?: string;
  /** Files, folders and globs to ask instead of the server. */
  readonly catalog?: readonly string[];
  readonly explain?: boolean;
  readonly limit: string;
  readonly order?: string;
  readonly output: OutputFormat;
}

/** @throws ARGUMENT_INVALID where nothing is asked */
function readQuestion({ expression, search, limit, order, explain }: QueryRequest): Question {
  if (expression === undefined && search === undefined) {
    throw commandFailure('ARGUMENT_INVALID', {
      argument: 'expression',
      reason: 'ask something: an expression, or --search',
    });
  }
  return { where: expression, search, order, limit: readLimit(limit), explain: explain === true };
}

async function answer(request: QueryRequest, question: Question, surroundings: Surroundings): Promise<QueryAnswer> {
  if (request.catalog !== undefined) {
    const { askFiles } = await import('./query-files.ts');
    return askFiles(request.catalog, question, surroundings);
  }
  const { askServer } = await import('./query-server.ts');
  return askServer(request, question, surroundings);
}

/** `callboard query`. */
export async function runQuery(request: QueryRequest, surroundings: Surroundings): Promise<ExitCode> {
  const question = readQuestion(request);
  surroundings.out(renderAnswer(await answer(request, question, surroundings), question, request.output));
  return exitCodes.ok;
}
