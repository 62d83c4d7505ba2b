// The limit: a plain node:http server that sends the bytes that Callboard would send, and does nothing else.
// First it records: what it is asked it fetches from the server that it is told of. Told to `replay`, it answers from
// what it recorded; where a request was not recorded, another answer to the same path is sent.
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';

/** Recorded answers of one run at most, in bytes. */
const MAX_RECORDED = 256 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** What the benchmark tells this process. */
export type BareCommand = { readonly mode: 'record'; readonly upstream: string } | { readonly mode: 'replay' };

const answers = new Map<string, Answer>();
let pool: Answer[] = [];
let next = 0;
let recorded = 0;
let upstream: URL | undefined;

process.on('message', (command: BareCommand) => {
  if (command.mode === 'record') {
    answers.clear();
    pool = [];
    recorded = 0;
    upstream = new URL(command.upstream);
  } else upstream = undefined;
  process.send?.(command.mode);
});

const server = createServer((request, response) => {
  if (request.method === 'GET') answer(request.url ?? '', undefined, response);
  else read(request, (body) => answer(`${request.url} ${body.toString('latin1')}`, { request, body }, response));
});

function answer(
  key: string,
  sent: { readonly request: IncomingMessage; readonly body: Buffer } | undefined,
  response: ServerResponse,
): void {
  const known = answers.get(key);
  if (known !== undefined) send(response, known);
  else if (upstream === undefined) send(response, anyOther());
  else fetchAnswer(upstream, key, sent?.body, response);
}

function anyOther(): Answer {
  next = (next + 1) % pool.length;
  const found = pool[next];
  if (found === undefined) throw new Error('Nothing was recorded');
  return found;
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length });
  response.end(body);
}

function fetchAnswer(from: URL, key: string, body: Buffer | undefined, response: ServerResponse): void {
  const path = body === undefined ? key : key.slice(0, key.indexOf(' '));
  const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  const options = { host: from.hostname, port: from.port, path, method: body === undefined ? 'GET' : 'POST', headers };
  const asked = ask(options, (reply) => {
    read(reply, (bytes) => {
      const found = { status: reply.statusCode ?? 500, type: reply.headers['content-type'] ?? '', body: bytes };
      if (found.status === 200 && recorded + bytes.length <= MAX_RECORDED) {
        recorded += bytes.length;
        answers.set(key, found);
        pool.push(found);
      }
      send(response, found);
    });
  });
  asked.end(body);
}

function read(stream: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(Buffer.concat(chunks)));
}

server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.('listening'));
