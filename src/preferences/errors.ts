import { defineErrors } from '../base/errors.ts';

/** Refusals of what people keep. */
export const preferenceError = defineErrors({
  PREFERENCES_NOT_KEPT: {
    status: 403,
    message:
      'Only people who are signed in keep something here; {principal} is a {kind}. The web interface keeps it in the browser.',
  },
  STARS_FULL: { status: 409, message: 'No more than {limit} stars fit. Take some off first' },
  VIEWS_FULL: { status: 409, message: '{owner} has {limit} saved views, as many as fit. Remove some first' },
  VIEW_NOT_FOUND: { status: 404, message: 'No saved view {id} of {owner}' },
  GROUP_NOT_YOURS: { status: 403, message: 'You are not in {group}: only its members share views with it' },
  TEAM_INVALID: { status: 400, message: '"{team}" is no group; write its ref, such as group:default/box-office, or *' },
});
