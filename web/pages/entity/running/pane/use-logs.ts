import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { LogItem, LogQuery } from '../../../../../src/api/logs.ts';
import { describeFailure } from '../../../../data/failure.ts';
import { api, signIn } from '../../../../data/session.ts';
import type { Failure } from '../../../../ui/notice.tsx';
import { ClientError } from '../../../../../src/client.ts';
import { LogBook } from './log-book.ts';

/** Painted at most this often, ms. */
const PAINT_MS = 250;
/** Wait before a stream that was lost is opened again, ms. */
const AGAIN_MS = 1_500;
/** Nothing at all for so long: the connection is dead, ms; the server speaks every 15 s. */
const SILENCE_MS = 45_000;

/** What is shown of logs. */
export interface LogView {
  readonly book: LogBook;
  /** `whole`: everything was told; `lost`: it is tried again. */
  readonly phase: 'opening' | 'reading' | 'whole' | 'lost' | 'failed';
  readonly failure?: Failure | undefined;
}

/** Reads logs as long as somebody looks, and tells of it a few times a second. */
class LogReading {
  readonly #query: LogQuery;
  readonly #listeners = new Set<() => void>();
  readonly #book = new LogBook();
  #phase: LogView['phase'] = 'opening';
  #failure: Failure | undefined;
  #view: LogView;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(query: LogQuery) {
    this.#query = query;
    this.#view = { book: this.#book, phase: 'opening' };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): LogView => this.#view;

  /** @returns ends it */
  start(): () => void {
    const abort = new AbortController();
    void this.#run(abort.signal);
    return () => {
      abort.abort();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#attempt(signal);
      } catch (thrown) {
        if (signal.aborted) return;
        if (thrown instanceof ClientError && thrown.status > 0 && thrown.status !== 503) {
          this.#failure = describeFailure(thrown);
          this.#turn('failed');
          return;
        }
      }
      if (this.#phase === 'whole' || this.#phase === 'failed') return;
      this.#turn('lost');
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  async #attempt(wanted: AbortSignal): Promise<void> {
    const from = this.#book.resume();
    const { tail, since, ...others } = this.#query;
    const query = from === undefined ? { ...others, tail, since } : { ...others, sinceTime: from };
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const signal = AbortSignal.any([wanted, silence.signal]);
    let rest = '';
    try {
      for await (const piece of api.text('GET /api/v1/fleet/logs', { query, signal })) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        const text = rest + piece;
        const end = text.lastIndexOf('\n') + 1;
        rest = text.slice(end);
        this.#take(text.slice(0, end));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #take(text: string): void {
    const lines = text.split('\n').filter((line) => line !== '');
    const items = lines.map((line) => JSON.parse(line) as LogItem);
    this.#book.take(items);
    const end = items.find((item) => item.type === 'end');
    if (end?.reason === 'signed-out') signIn.end();
    this.#turn(end?.reason === 'whole' ? 'whole' : 'reading');
  }

  #turn(phase: LogView['phase']): void {
    const isFirst = this.#phase === 'opening' && phase !== 'reading';
    this.#phase = phase;
    if (isFirst) this.#paint();
    else this.#timer ??= setTimeout(() => this.#paint(), PAINT_MS);
  }

  #paint(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#view = { book: this.#book, phase: this.#phase, failure: this.#failure };
    for (const listener of this.#listeners) listener();
  }
}

/** The logs that a query asks for, as they come; another query begins anew. */
export function useLogs(query: LogQuery): LogView {
  const key = JSON.stringify(query);
  const reading = useMemo(() => new LogReading(JSON.parse(key) as LogQuery), [key]);
  useEffect(() => reading.start(), [reading]);
  return useSyncExternalStore(reading.subscribe, reading.read);
}
