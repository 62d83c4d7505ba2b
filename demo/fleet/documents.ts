import { sendDiscovery, sendFound, sendJson } from './answers.ts';
import type { Cluster } from './cluster.ts';
import type { Exchange } from './exchange.ts';
import { openApiDocument, openApiIndex } from './openapi.ts';

/** Answers what is of no resource: discovery, version, health and OpenAPI. @throws ApiStatusError 404 */
export function sendDocument(cluster: Cluster, { request, response }: Exchange, path: string): void {
  const { discovery, known } = cluster;
  const isAggregated = (request.headers.accept ?? '').includes('as=APIGroupDiscoveryList');
  switch (path) {
    case '/api':
      return sendDiscovery(request, response, isAggregated ? discovery.aggregated(true) : discovery.core, isAggregated);
    case '/apis':
      return sendDiscovery(
        request,
        response,
        isAggregated ? discovery.aggregated(false) : discovery.groups,
        isAggregated,
      );
    case '/version':
      return sendJson(request, response, 200, versionOf(cluster));
    case '/healthz':
    case '/livez':
    case '/readyz':
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('ok');
      return;
    case '/openapi/v3':
      return sendJson(request, response, 200, openApiIndex(known.resources));
    default:
      return sendFound(request, response, openApiDocument(path, known.resources));
  }
}

function versionOf({ version }: Cluster): Readonly<Record<string, string>> {
  const [major = '1', minor = '34'] = version.split('.');
  return {
    major,
    minor,
    gitVersion: `v${version}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'go1.26',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}
