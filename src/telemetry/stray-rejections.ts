import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';

/**
 * Logs and counts rejected promises that nobody waits for, instead of the end of the process that is Node's default: a
 * plugin that forgets an `await` must not take the portal away from everybody. Exceptions outside of promises still
 * end the process, since nobody knows what they left half done.
 *
 * @returns stops it
 */
export function noteStrayRejections({ metrics, log }: { readonly metrics: Metrics; readonly log: Logger }): () => void {
  const note = (error: unknown): void => {
    metrics.strayRejections.inc();
    log.error({ error }, 'a promise was rejected that nobody waits for');
  };
  process.on('unhandledRejection', note);
  return () => void process.off('unhandledRejection', note);
}
