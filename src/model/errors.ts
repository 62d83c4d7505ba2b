import { defineErrors } from '../base/errors.ts';

/** Errors of conditions and projections as clients write them. */
export const modelError = defineErrors({
  FILTER_INVALID: { status: 400, message: 'Invalid filter: {reason}' },
  PREDICATE_INVALID: { status: 400, message: 'Invalid query: {reason}' },
  FIELDS_INVALID: { status: 400, message: 'Invalid field "{field}": array type fields are not supported' },
});
