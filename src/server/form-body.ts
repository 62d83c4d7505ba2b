import type { FastifyInstance } from 'fastify';
import { serverError } from './errors.ts';

/** The media type of forms. */
export const FORM = 'application/x-www-form-urlencoded';

/**
 * Takes forms where the contract says so, and nowhere else: a page of another site can send one without being asked
 * first. A field that is sent twice is not one.
 */
export function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(FORM, { parseAs: 'string' }, (request, body, done) => {
    if (request.routeOptions.config.contract?.form !== true) {
      done(serverError('MEDIA_TYPE_UNSUPPORTED'));
      return;
    }
    const fields = [...new URLSearchParams(body.toString())];
    const names = new Set(fields.map(([name]) => name));
    if (names.size < fields.length) done(serverError('BODY_MALFORMED', { problem: 'a field is sent twice' }));
    else done(null, Object.fromEntries(fields));
  });
}
