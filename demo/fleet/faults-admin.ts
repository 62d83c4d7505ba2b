import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiServer } from './api-server.ts';
import type { FleetStrikes, Strike } from './faults-strikes.ts';
import type { Fault } from './faults.ts';

const LARGEST_BODY = 64 * 1024;

/** The port that faults are asked for at. */
export interface FaultAdmin {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens a port on loopback where the clusters of a demo are counted and made to fail:
 * - `GET /clusters`: name, url, fault and counts of each
 * - `PUT /clusters/<name>/fault` with a `Fault`, `DELETE` to take it back
 * - `POST /clusters/<name>/strike` with a `Strike`
 * - `DELETE /clusters/<name>/counts`: counting begins anew
 *
 * It asks nobody who they are: it is for demos and tests on one machine.
 */
export async function openFaultAdmin(
  servers: readonly ApiServer[],
  strikes: FleetStrikes,
  port = 0,
): Promise<FaultAdmin> {
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const [, first, name, what] = (request.url ?? '').split('/').map(decodeURIComponent);
    if (first !== 'clusters') return undefined;
    if (name === undefined) return servers.map(summary);
    const server = servers.find(({ cluster }) => cluster.name === name);
    if (!server) return undefined;
    switch (`${request.method ?? ''} ${what ?? ''}`) {
      case 'GET ':
        break;
      case 'PUT fault':
        await server.setFault((await bodyOf(request)) as Fault);
        break;
      case 'DELETE fault':
        await server.setFault(undefined);
        break;
      case 'POST strike':
        await strikes.strike(server, (await bodyOf(request)) as Strike);
        break;
      case 'DELETE counts':
        server.counts.forget();
        break;
      default:
        return undefined;
    }
    return summary(server);
  };
  const http = createServer((request, response) => {
    answer(request).then(
      (found) => send(response, found === undefined ? 404 : 200, found ?? { message: 'There is no such thing' }),
      (error: unknown) => send(response, 400, { message: error instanceof Error ? error.message : String(error) }),
    );
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

function summary({ cluster, url, fault, counts }: ApiServer): object {
  const { resourceVersion } = cluster.store;
  return { name: cluster.name, url, resourceVersion, ...(fault && { fault }), counts: counts.counted };
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

/** @throws Error for what is no JSON object with a type */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) throw new Error('The body is too large');
  }
  const body = JSON.parse(text) as { readonly type?: unknown } | null;
  if (typeof body?.type !== 'string') throw new Error('The body needs a type');
  return body;
}
