import type { Clock } from '../../base/clock.ts';
import { transportError } from '../../kube/transport-fault.ts';
import type { KubeRequest } from '../../kube/transport.ts';
import { fleetError } from '../errors.ts';
import type { ActingAnswer, ActingRequest, ActingStream } from './acting.ts';
import type { HeldTransports, TransportUse, UsedTransport } from './held-transports.ts';

/** How long an answer may take where nothing else is said, ms. */
const TIMEOUT_MS = 15_000;
/** How large it may be, bytes. */
const MAX_BYTES = 16 * 1024 * 1024;
/** No dot segments, no query, nothing that does not belong in the head of a request. */
const usablePath = /^(?!.*\/\.{1,2}(\/|$))\/[!-"$->@-~]{0,4095}$/;

/** Single requests to clusters, each with a deadline that counts connecting and logging in too. */
export class ClusterCalls {
  readonly #transports: HeldTransports;
  readonly #clock: Clock;

  constructor(transports: HeldTransports, clock: Clock) {
    this.#transports = transports;
    this.#clock = clock;
  }

  /** See `Acting.call`. */
  async call(cluster: string, request: ActingRequest, signal: AbortSignal): Promise<ActingAnswer> {
    const { timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = request;
    const ask = { ...kubeRequest(request), timeoutMs, maxBytes };
    return this.#within(cluster, { ...request, timeoutMs }, signal, async ({ transport, release }, limit) => {
      const { status, headers, body } = await transport.request({ ...ask, signal: limit });
      release(false);
      // A view into a pool would take its neighbours along to the other thread.
      return { status, headers, body: new Uint8Array(body) };
    });
  }

  /** See `Acting.stream`. */
  async stream(cluster: string, request: ActingRequest, signal: AbortSignal): Promise<ActingStream> {
    const { timeoutMs = TIMEOUT_MS, maxBytes } = request;
    const ask = { ...kubeRequest(request), timeoutMs, maxBytes, signal };
    return this.#within(cluster, { ...request, timeoutMs }, signal, async ({ transport, release }, limit) => {
      const { status, headers, chunks, cancel } = await transport.open(ask);
      // It came too late for whoever waited.
      if (limit.aborted) cancel();
      // Also where nobody reads it.
      const free = (): void => release(false);
      signal.addEventListener('abort', free, { once: true });
      const ended = (isBroken: boolean): void => {
        signal.removeEventListener('abort', free);
        release(isBroken);
      };
      return { status, headers, chunks: released(chunks, ended) };
    });
  }

  /** Does something with the transport of a cluster. Whatever keeps it, the deadline is kept. */
  async #within<Result>(
    cluster: string,
    { timeoutMs, authorization, isLasting }: TransportUse & { readonly timeoutMs: number },
    signal: AbortSignal,
    work: (used: UsedTransport, limit: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const used = this.#transports.use(cluster, { authorization, isLasting });
    const controller = new AbortController();
    const late = Promise.withResolvers<never>();
    const end = (reason: unknown): void => {
      controller.abort(reason);
      late.reject(reason as Error);
    };
    const onAbort = (): void => end(signal.reason);
    const message = `The API server did not answer within ${Math.ceil(timeoutMs / 1000)} s`;
    const timer = this.#clock.after(timeoutMs, () => end(transportError(cluster, { code: 'Timeout', message })));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([work(used, controller.signal), late.promise]);
    } catch (thrown) {
      used.release(!signal.aborted);
      throw thrown;
    } finally {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
    }
  }
}

async function* released(
  chunks: AsyncIterable<Buffer>,
  release: UsedTransport['release'],
): AsyncGenerator<Uint8Array, void> {
  let isBroken = true;
  try {
    for await (const chunk of chunks) {
      isBroken = false;
      yield new Uint8Array(chunk);
      isBroken = true;
    }
    isBroken = false;
  } finally {
    release(isBroken);
  }
}

/** @throws ACTING_REQUEST_INVALID */
function kubeRequest(request: ActingRequest): KubeRequest {
  const { method = 'GET', path, query, body, contentType, accept, as, authorization } = request;
  if (!usablePath.test(path)) throw invalid('its path is none of an API server');
  const isOfAccount = as === undefined && authorization === undefined;
  if (isOfAccount && method !== 'GET') throw invalid('nothing is done with the account that reads the cluster');
  if (as !== undefined && as.user === '') throw invalid('it names nobody');
  return {
    method,
    path,
    query,
    body,
    accept,
    as,
    ...(contentType !== undefined && { headers: { 'content-type': contentType } }),
  };
}

function invalid(problem: string): Error {
  return fleetError('ACTING_REQUEST_INVALID', { problem });
}
