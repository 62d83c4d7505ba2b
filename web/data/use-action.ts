import { useState } from 'react';
import type { Failure } from '../ui/notice.tsx';
import { describeFailure } from './failure.ts';

/** How far something that a person started is. */
export type ActionState<Result> =
  | { readonly phase: 'idle' | 'running' }
  | { readonly phase: 'done'; readonly result: Result }
  | { readonly phase: 'failed'; readonly failure: Failure };

/** Something that a person starts, and what came of it last. */
export interface Action<Input, Result> {
  readonly state: ActionState<Result>;
  /** Starts it, unless it runs. */
  readonly run: (input: Input) => void;
  /** Forgets what came of it. */
  readonly reset: () => void;
}

/** Does what is started, one at a time; `onDone` is called after it went well. */
export function useAction<Input, Result>(
  act: (input: Input) => Promise<Result>,
  onDone?: (result: Result, input: Input) => void,
): Action<Input, Result> {
  const [state, setState] = useState<ActionState<Result>>({ phase: 'idle' });
  const run = (input: Input): void => {
    if (state.phase === 'running') return;
    setState({ phase: 'running' });
    act(input).then(
      (result) => {
        setState({ phase: 'done', result });
        onDone?.(result, input);
      },
      (thrown: unknown) => setState({ phase: 'failed', failure: describeFailure(thrown, 'You may not do this.') }),
    );
  };
  return { state, run, reset: () => setState({ phase: 'idle' }) };
}
