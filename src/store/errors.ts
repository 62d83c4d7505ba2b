import { defineErrors } from '../base/errors.ts';

/** Makes the errors of the store. */
export const storeError = defineErrors({
  STORE_CLOSED: { status: 503, message: 'The store is closed' },
  STORE_BUSY: { status: 503, message: 'The store is busy: {reason}; try again later' },
  STORE_FAILED: { status: 500, message: 'The store failed: {reason}' },
  STORE_UNAVAILABLE: { status: 503, message: 'The database does not answer: {reason}' },
  STORE_READ_ONLY: { status: 409, message: 'The store was opened for reading only' },
  STORE_MISSING: { status: 404, message: 'There is no database in {folder}' },
  STORE_LOCKED: {
    status: 409,
    message:
      'The data folder {folder} is in use by process {pid} on {host}. Stop it, or give this one another folder with --data',
  },
  STORE_NOT_EMPTY: { status: 409, message: 'The store already holds data ({table}); load into an empty one' },
  STORE_SCHEMA_NEWER: {
    status: 409,
    message: 'The database has schema {found}, this program knows up to {known}: use a newer Callboard',
  },
  STORE_SCHEMA_OLDER: {
    status: 409,
    message:
      'The database has schema {found}, this program needs {known}: start the server once to bring it up to date',
  },
  WRITE_INVALID: { status: 400, message: 'A write cannot be stored: {reason}' },
  REVISION_EXPIRED: {
    status: 410,
    message: 'The change log holds revisions {oldest} to {newest}, not what follows {after}: read everything anew',
  },
  LOG_GAP: { status: 500, message: 'The change log has a gap: expected revision {expected}, found {found}' },
  BACKUP_INVALID: { status: 400, message: '{file} is not a whole backup: {reason}' },
});

/** A code of the store. */
export type StoreErrorCode = Parameters<typeof storeError>[0];
