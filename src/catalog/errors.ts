import { defineErrors } from '../base/errors.ts';

/** Faults of the catalog. What is wrong with a descriptor is a Problem, not a fault. */
export const failure = defineErrors({
  READER_FAILED: { status: 500, message: 'The thread that reads descriptors ended unexpectedly' },
  LOCATION_TYPE_REFUSED: {
    status: 400,
    message: 'Locations of type {type} cannot be registered; register one of {types}, or configure it',
  },
  LOCATION_TARGET_INVALID: { status: 400, message: '{location} is no location with a full URL' },
  LOCATION_EXISTS: { status: 409, message: 'Location {location} already exists, as {entityRef}' },
  LOCATION_UNKNOWN: { status: 404, message: 'Found no location with ID {id}' },
  CATALOG_READONLY: { status: 403, message: 'The catalog is read-only: catalog.readonly is set in the configuration' },
  CATALOG_NOT_RUNNING: { status: 503, message: 'The catalog is not reading its sources yet; try again in a moment' },
  URL_UNREADABLE: { status: 502, message: '{reason}' },
  SOURCE_UNREADABLE: { status: 502, message: 'The catalog location {target} cannot be read: {reason}' },
});
