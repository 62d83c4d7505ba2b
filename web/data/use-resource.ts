import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Resource, ResourceRequest } from './resource-cache.ts';
import { resources } from './session.ts';

/** An answer as a page uses it. */
export interface Answer<T> extends Resource<T> {
  /** The question's identity, for asking it again. */
  readonly key: string;
  /** True while `data` still answers the question before, because the answer to this one has not come. */
  readonly isPrevious: boolean;
}

/**
 * A server's answer, kept current. The answer to the question before stays until the new one comes, so that a list never goes
 * blank between two filters.
 */
export function useResource<T>(request: ResourceRequest<T>): Answer<T> {
  const { key } = request;
  const subscribe = useCallback(
    (listener: () => void) => resources.watch(request, listener),
    // The key is the identity of the question: an equal key means an equal request.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [key],
  );
  const resource = useSyncExternalStore(subscribe, () => resources.read<T>(key));
  const [previous, setPrevious] = useState<T | undefined>(undefined);
  useEffect(() => {
    if (resource.data !== undefined) setPrevious(resource.data);
  }, [resource.data]);
  const isPrevious = resource.data === undefined && previous !== undefined;
  return { ...resource, key, data: isPrevious ? previous : resource.data, isPrevious };
}

/** Whether a question is answered, with whatever. */
export function isHeard({ data, failure, isLoading }: Answer<unknown>): boolean {
  return data !== undefined || failure !== undefined || !isLoading;
}
