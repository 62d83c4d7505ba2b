import type { Clock } from '../base/clock.ts';
import { LostRace } from './driver.ts';
import { storeError } from './errors.ts';

const MAX_ATTEMPTS = 20;
const MAX_DELAY_MS = 250;

/**
 * Runs a transaction again while it loses races against other processes, with growing, random delays. Each loss means
 * that another process committed, so the whole makes progress.
 * @throws STORE_UNAVAILABLE after 20 losses
 */
export async function retryLostRaces<T>(clock: Clock, transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (!(error instanceof LostRace)) throw error;
      if (attempt === MAX_ATTEMPTS) {
        throw storeError('STORE_UNAVAILABLE', { reason: 'other writers keep changing the same records' }, error);
      }
      await clock.sleep(clock.random() * Math.min(MAX_DELAY_MS, 2 ** attempt));
    }
  }
}
