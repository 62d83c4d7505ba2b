import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { docsSecurityPolicy } from './content-security.ts';
import { serverError } from './errors.ts';
import { answerFile } from './file-answer.ts';

/** Where the pages stand. */
const docsPath = '/api/docs';

/** The viewer's own files, as its package brings them; its routes are not used, since they know no permissions. */
const viewerFolder = join(dirname(fileURLToPath(import.meta.resolve('@fastify/swagger-ui'))), 'static');

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Callboard API</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="${docsPath}/swagger-ui.css" />
    <link rel="stylesheet" href="${docsPath}/index.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${docsPath}/swagger-ui-bundle.js"></script>
    <script src="${docsPath}/start.js"></script>
  </body>
</html>
`;

/** The base layout has no bar to open other people's descriptions; nothing is sent to a validator elsewhere. */
const start = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  validatorUrl: null,
});
`;

/** Serves pages on which the API's description is read and tried, without anything from elsewhere. */
export function serveApiPages(app: FastifyInstance): void {
  const config = { permission: 'public' } as const;
  app.get(docsPath, { config }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', docsSecurityPolicy).send(page),
  );
  app.get(`${docsPath}/start.js`, { config }, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(start),
  );
  app.get<{ Params: { '*': string } }>(`${docsPath}/*`, { config }, async (request, reply) => {
    const path = request.params['*'];
    const file = await answerFile(request, reply, { folder: viewerFolder, path, cacheControl: 'no-cache' });
    if (file === undefined) throw serverError('ROUTE_NOT_FOUND', { method: 'GET', path: `${docsPath}/${path}` });
    return file;
  });
}
