import { defineErrors } from '../base/errors.ts';

/** Faults of reading git repositories. Repositories are shown without credentials. */
export const failure = defineErrors({
  GIT_MISSING: {
    status: 503,
    message:
      'Git repositories cannot be read: {reason}; install git 2.25 or newer where the server finds it by its PATH',
  },
  GIT_FAILED: { status: 502, message: 'The git repository {repository} cannot be read: {reason}' },
  GIT_REF_MISSING: { status: 502, message: 'The git repository {repository} has nothing at {ref}' },
  GIT_TIMEOUT: { status: 504, message: 'The git repository {repository} did not answer within {seconds} s' },
  GIT_TOO_LARGE: { status: 502, message: 'The git repository {repository} is too large: {reason}' },
});
