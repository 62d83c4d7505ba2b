import { defineErrors } from '../base/errors.ts';

/** Faults of the permission layer. */
export const accessError = defineErrors({
  PERMISSION_DENIED: {
    status: 403,
    message: '{principal} may not do this: permission {permission} is denied ({reason}). {contact}',
  },
  GUESTS_EXPOSED: {
    status: 500,
    message:
      'Callboard would listen on {host} and let everyone who reaches it read and write the catalog without signing in. ' +
      'Listen on 127.0.0.1, or set guests: everywhere to say that this is meant.',
  },
  HOST_REFUSED: {
    status: 421,
    message: 'This server does not answer to the name {host}. It answers to {allowed}; set baseUrl to add a name.',
  },
  CROSS_SITE_REFUSED: {
    status: 403,
    message: 'A page of another site ({origin}) sent this request. Only pages of this server may write.',
  },
});
