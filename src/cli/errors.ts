import { defineErrors } from '../base/errors.ts';

/** Faults of commands. */
export const commandFailure = defineErrors({
  PORT_IN_USE: {
    status: 409,
    message:
      'Port {port} on {host} is already in use. Stop what holds it (callboard doctor says what), or take another: --port {free}',
  },
  PORT_REFUSED: {
    status: 400,
    message: 'Callboard may not listen on {host}:{port} ({reason}). Take another: --host, --port',
  },
  SERVER_UNREACHABLE: {
    status: 503,
    message: 'No Callboard answers at {server} ({reason}). Start one, or name another with --server',
  },
  SIGN_IN_NEEDED: {
    status: 401,
    message: '{server} wants to know who asks: {reason} Commands send the token of --token-file or CALLBOARD_TOKEN.',
  },
  ENTITY_UNKNOWN: { status: 404, message: '{reason}. {fix}' },
  ARGUMENT_INVALID: { status: 400, message: '{argument}: {reason}' },
  INTERRUPTED: { status: 500, message: 'Interrupted by {signal}' },
  FILE_EXISTS: { status: 409, message: '{file} exists. Name another file, or allow to replace it with --force' },
  COPY_DIFFERS: {
    status: 500,
    message:
      '{target} does not hold the same as {source}: was something writing meanwhile? Empty the target and copy again',
  },
});
