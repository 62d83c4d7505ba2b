import { useRef } from 'react';
import type { RegistrationOutcome } from '../../../src/api/registrations.ts';
import { api, resources } from '../../data/session.ts';
import { useAction, type Action } from '../../data/use-action.ts';
import { SOURCES } from './use-refresh.ts';

/** A location as the form says it. */
export interface LocationInput {
  readonly type: 'url' | 'git';
  readonly target: string;
  /** True: it is no problem that there is nothing. */
  readonly isOptional: boolean;
}

/** What a preview saw, and of which input. */
export interface Seen {
  readonly input: LocationInput;
  readonly outcome: RegistrationOutcome;
}

/** A registration on its way: looked at first, then made. */
export interface Registering {
  /** Its result is undefined where it was given up. */
  readonly preview: Action<LocationInput, Seen | undefined>;
  /** Gives up a preview that runs. */
  readonly cancel: () => void;
  readonly save: Action<LocationInput, RegistrationOutcome>;
}

/** The same text before and after is the same location. */
export function isSameInput(one: LocationInput, other: LocationInput): boolean {
  return one.type === other.type && one.target === other.target && one.isOptional === other.isOptional;
}

function bodyOf({ type, target, isOptional }: LocationInput) {
  return { type, target: target.trim(), ...(isOptional && { presence: 'optional' as const }) };
}

/** Previews a location and registers it. */
export function useRegistering(): Registering {
  const running = useRef<AbortController>(undefined);
  const preview = useAction(async (input: LocationInput): Promise<Seen | undefined> => {
    const controller = new AbortController();
    running.current = controller;
    try {
      const { signal } = controller;
      const query = { dryRun: true };
      return { input, outcome: await api.call('POST /api/v1/locations', { query, body: bodyOf(input), signal }) };
    } catch (error) {
      if (controller.signal.aborted) return undefined;
      throw error;
    }
  });
  const save = useAction(
    (input: LocationInput) => api.call('POST /api/v1/locations', { body: bodyOf(input) }),
    () => resources.repeat(SOURCES),
  );
  return { preview, cancel: () => running.current?.abort(), save };
}
