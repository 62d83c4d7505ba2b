import { defineErrors } from '../base/errors.ts';

/** Faults of the server and of the manifests it composes. */
export const serverError = defineErrors({
  MANIFEST_INVALID: { status: 500, message: 'Manifest {manifest} is not valid: {problem}' },
  MANIFEST_DUPLICATE: { status: 500, message: 'Two manifests have the id {manifest}; ids are unique' },
  ROUTE_WITHOUT_PERMISSION: {
    status: 500,
    message:
      'Route {route} of manifest {manifest} names no permission. Give it one, or "public" where everybody may use it.',
  },
  ROUTE_PERMISSION_UNKNOWN: {
    status: 500,
    message:
      'Route {route} of manifest {manifest} has the permission "{permission}"; it must be <domain>.<noun>.<action>.',
  },
  ROUTE_DUPLICATE: {
    status: 500,
    message: 'Route {route} is in the manifests {first} and {manifest}; one must give way',
  },
  ROUTE_OUTSIDE_PLUGIN: {
    status: 500,
    message: 'Route {route} of plugin {manifest} must start with /api/plugins/{manifest}/',
  },
  ROUTE_SCHEMA_INVALID: {
    status: 500,
    message: 'Route {route} of manifest {manifest} has a schema that cannot be used: {problem}',
  },
  PLUGIN_LOAD_FAILED: { status: 500, message: 'Plugin {plugin} cannot be loaded: {problem}' },
  PLUGIN_LOAD_TIMEOUT: { status: 500, message: 'Plugin {plugin} was not loaded within {seconds} seconds' },
  LISTEN_FAILED: { status: 500, message: 'Cannot listen on {host}:{port}: {problem}' },
  ROUTE_NOT_FOUND: { status: 404, message: 'Nothing answers {method} {path}' },
  REQUEST_INVALID: { status: 400, message: 'The request is not as the API asks: {problem}' },
  REQUEST_REFUSED: { status: 400, message: 'The request cannot be read: {problem}' },
  BODY_MALFORMED: { status: 400, message: 'The body is not the JSON it should be: {problem}' },
  BODY_TOO_DEEP: { status: 400, message: 'The body is nested more than {limit} levels deep' },
  BODY_TOO_LARGE: { status: 413, message: 'The body is larger than {limit} bytes' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, message: 'Send the body as application/json' },
  HANDLER_TIMEOUT: { status: 504, message: 'The answer was not ready within {seconds} seconds' },
  RESPONSE_UNDECLARED: {
    status: 500,
    message: 'Route {route} answered with a value that its contract does not describe',
  },
  EVENT_STREAMS_FULL: {
    status: 503,
    message: 'As many event streams as allowed ({limit}) are open; try again in a few seconds',
  },
  EVENT_STREAMS_TAKEN: {
    status: 429,
    message: '{principal} has as many event streams open as one may have ({limit}); close pages or scripts that follow',
  },
  INTERNAL: { status: 500, message: 'Something went wrong here. The log has it under {request}.' },
});
