import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { User } from './access.ts';
import type { Target } from './requests.ts';

/** One request while it is answered. */
export interface Exchange {
  readonly request: Http2ServerRequest;
  readonly response: Http2ServerResponse;
  readonly url: URL;
  readonly user: User;
}

/** A request about objects. */
export type ResourceTarget = Extract<Target, { kind: 'resource' }>;

/** Ends an answer as if something broke: the client gets an error, not an end. */
export function breakOff(response: Http2ServerResponse): void {
  // Over HTTP/1.1 there is no stream.
  const stream = response.stream as Http2ServerResponse['stream'] | undefined;
  if (stream === undefined) response.destroy();
  else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}
