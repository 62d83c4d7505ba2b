import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BigLoad } from './big-load.ts';
import type { BigFault, BigServer } from './big-server.ts';

/** What the admin port rules over. */
export interface BigFleetParts {
  readonly servers: readonly BigServer[];
  readonly load: BigLoad;
}

type Answer = object | undefined;

const LARGEST_BODY = 64 * 1024;
const faults: readonly BigFault[] = ['up', 'down', 'hang'];

/**
 * The admin port of a big fleet, on loopback. Bodies and answers are JSON.
 *
 * - `POST /load {events}`: events a second from now on
 * - `POST /fault {fault: up|down|hang, from: <number>, clusters: <how many>}`; `up` cuts their connections and answers again
 * - `GET /samples?after=<number>`: changes of pods with the time at which they were sent
 * - `GET /stats`: events sent, what was asked, CPU and memory of this process
 */
export async function openBigAdmin(parts: BigFleetParts, port: number): Promise<Server> {
  const server = createServer((request, response) => void answer(parts, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** Where it is, `http://127.0.0.1:<port>`. */
export function adminUrl(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(parts: BigFleetParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let [code, body]: [number, Answer] = [404, undefined];
  try {
    body = await bodyOf(parts, request);
    if (body !== undefined) code = 200;
  } catch (error) {
    [code, body] = [400, { error: String(error) }];
  }
  response.writeHead(code, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body ?? { error: 'Nothing stands here' }));
}

async function bodyOf({ servers, load }: BigFleetParts, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  switch (`${request.method ?? ''} ${url.pathname}`) {
    case 'POST /load': {
      const { events } = await read(request);
      if (typeof events !== 'number' || !(events >= 0)) throw new Error('events must be a number');
      load.setRate(events);
      return { events };
    }
    case 'POST /fault': {
      const { fault, from, clusters } = await read(request);
      const known = faults.find((each) => each === fault);
      if (known === undefined || typeof from !== 'number' || typeof clusters !== 'number')
        throw new Error('fault, from and clusters are needed');
      await Promise.all(servers.slice(from, from + clusters).map((server) => server.become(known)));
      return { fault: known, from, clusters };
    }
    case 'GET /samples':
      return { samples: load.samples(Number(url.searchParams.get('after') ?? 0)) };
    case 'GET /stats':
      return stats(servers, load);
    default:
      return undefined;
  }
}

function stats(servers: readonly BigServer[], load: BigLoad): object {
  const { user, system } = process.cpuUsage();
  const sum = (name: keyof BigServer['traffic']): number =>
    servers.reduce((total, { traffic }) => total + traffic[name], 0);
  return {
    events: load.sent,
    perSecond: load.perSecond,
    lists: sum('lists'),
    watches: sum('watches'),
    gets: sum('gets'),
    sentBytes: sum('sent'),
    cpuMs: (user + system) / 1_000,
    residentBytes: process.memoryUsage.rss(),
  };
}

async function read(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString();
    if (text.length > LARGEST_BODY) throw new Error('The body is too large');
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('An object is needed');
  return value as Readonly<Record<string, unknown>>;
}
