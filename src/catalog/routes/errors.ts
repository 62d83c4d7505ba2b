import { defineErrors } from '../../base/errors.ts';

/** Refusals of the read routes. */
export const routeError = defineErrors({
  ENTITY_NOT_FOUND: { status: 404, message: 'No entity {ref} that you may see' },
  LOCATION_NOT_FOUND: { status: 404, message: 'No location {location} that you may see' },
  REFRESH_TARGET_INVALID: { status: 400, message: 'Name what to look at again: either entityRef or location' },
  EXPRESSION_INVALID: { status: 400, message: 'Invalid expression in where, line {line}, column {column}: {problem}' },
  SEARCH_INVALID: { status: 400, message: 'Invalid search, character {offset}: {problem}' },
  EXPORT_TOO_LARGE: {
    status: 400,
    message: '{total} entities are more than the {most} that an export may have; narrow the question',
  },
  SINCE_INVALID: { status: 400, message: '"{written}" is no moment; write one such as 2026-11-22T09:00:00Z' },
  ENTITY_REF_INVALID: { status: 400, message: '"{ref}" is not an entity ref; write kind:namespace/name' },
});
