import type { ApiStatus } from './api-status.ts';

/** An API server refused: with an HTTP status, or with an ERROR line in a watch. */
export class Refused extends Error {
  readonly status: ApiStatus;

  constructor(status: ApiStatus) {
    super(status.message);
    this.status = status;
  }
}

/** An API server sent what no API server may send: what came so far counts, what follows cannot be trusted. */
export class ProtocolViolation extends Error {}
