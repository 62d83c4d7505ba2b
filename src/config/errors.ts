import { defineErrors } from '../base/errors.ts';

/** Faults of reading the configuration. Every one means: the person who started the program must change something. */
export const configFailure = defineErrors({
  CONFIG_INVALID: { status: 400, message: '{text}' },
  CONFIG_FILE_MISSING: { status: 400, message: 'The configuration file {file} cannot be read: {reason}' },
});
