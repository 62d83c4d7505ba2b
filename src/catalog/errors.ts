import { defineErrors } from '../base/errors.ts';

/** Faults of the catalog. What is wrong with a descriptor is a Problem, not a fault. */
export const failure = defineErrors({
  READER_FAILED: { status: 500, message: 'The thread that reads descriptors ended unexpectedly' },
  SOURCE_UNREADABLE: { status: 502, message: 'The catalog location {target} cannot be read: {reason}' },
});
