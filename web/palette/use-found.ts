import { useEffect, useState } from 'react';
import type { FindItem } from '../../src/api/find.ts';
import { describeFailure } from '../data/failure.ts';
import { api } from '../data/session.ts';
import type { Failure } from '../ui/notice.tsx';
import { knownEntities } from './known-entities.ts';
import type { FindAsk } from './palette-question.ts';

/** What the server found. */
export interface Answered {
  readonly phase: 'answered';
  readonly items: readonly FindItem[];
  readonly total: number;
  /** True where weaker matches were not looked for. */
  readonly more: boolean;
}

/** How far an asking of the server is. */
export type Found =
  | { readonly phase: 'unasked' }
  /** `isNarrowing`: all that fits a beginning of the text is known, so what is found here is all there is. */
  | { readonly phase: 'waiting'; readonly isNarrowing: boolean }
  | Answered
  | { readonly phase: 'failed'; readonly failure: Failure };

const UNASKED: Found = { phase: 'unasked' };
const WAITING: Found = { phase: 'waiting', isNarrowing: false };
const NARROWING: Found = { phase: 'waiting', isNarrowing: true };
/** Enough to fill two groups. */
const LIMIT = 24;
/** Answers kept for letters that are taken back. */
const KEPT_ANSWERS = 30;

/** Answers as long as the palette is open: it never shows an old one for long. */
export type AnswerMemory = Map<string, Answered>;

/**
 * Asks the server at each change, and gives up what was asked before.
 * @param attempt another number asks again what failed
 */
export function useFound(ask: FindAsk | undefined, memory: AnswerMemory, attempt: number): Found {
  const key = ask === undefined ? '' : JSON.stringify(ask);
  const asked = `${attempt} ${key}`;
  const [state, setState] = useState<{ readonly asked: string; readonly found: Found }>({ asked: '', found: UNASKED });
  useEffect(() => {
    if (key === '' || memory.has(key)) return undefined;
    const controller = new AbortController();
    api
      .call('GET /api/v1/find', { query: { ...(JSON.parse(key) as FindAsk), limit: LIMIT }, signal: controller.signal })
      .then(
        ({ items, total, more }) => {
          const answer: Answered = { phase: 'answered', items, total, more };
          remember(memory, key, answer);
          knownEntities.add(items);
          setState({ asked, found: answer });
        },
        (thrown: unknown) => {
          if (controller.signal.aborted) return;
          setState({ asked, found: { phase: 'failed', failure: describeFailure(thrown) } });
        },
      );
    return () => controller.abort();
  }, [asked, key, memory]);
  if (key === '') return UNASKED;
  return memory.get(key) ?? (state.asked === asked ? state.found : waiting(ask, memory));
}

function waiting(ask: FindAsk | undefined, memory: AnswerMemory): Found {
  const { q = '', ...others } = ask ?? {};
  for (let length = q.length - 1; length > 0; length -= 1) {
    const before = memory.get(JSON.stringify({ q: q.slice(0, length), ...others }));
    if (before) return before.more || before.total > before.items.length ? WAITING : NARROWING;
  }
  return WAITING;
}

function remember(memory: AnswerMemory, key: string, answer: Answered): void {
  memory.set(key, answer);
  const [oldest] = memory.keys();
  if (memory.size > KEPT_ANSWERS && oldest !== undefined) memory.delete(oldest);
}
