// An API server for `kube-read.bench.ts`, in a process of its own: pages and events are bytes that were made before.
// Arguments: pages, objects a page, events. Writes its URL and its authority to standard output.
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Authority } from '../demo/fleet/certificates.ts';
import { podJson } from './kube-pods.ts';

const [pages = 10, objects = 500, events = 20_000] = process.argv.slice(2).map(Number);
const plain = Array.from({ length: pages }, (_, page) => {
  const items = Array.from({ length: objects }, (_each, at) => podJson(page * objects + at, 1_000 + at));
  const next = page + 1 < pages ? `,"continue":"${page + 1}","remainingItemCount":1` : '';
  return Buffer.from(
    `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"900000"${next}},"items":[${items.join(',')}]}\n`,
  );
});
const zipped = plain.map((page) => gzipSync(page, { level: 1 }));
const lines = Array.from({ length: 1_000 }, (_, at) => {
  const pod = `{"kind":"Pod","apiVersion":"v1",${podJson(at, 900_001 + at).slice(1)}`;
  return Buffer.from(`{"type":"MODIFIED","object":${pod}}\n`);
});
const bookmark = Buffer.from(
  '{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"999999"}}}\n',
);

const authority = await Authority.make('callboard benchmark', new Date());
const { certificate, key } = await authority.server(new Date());
const server = createSecureServer({ cert: certificate, key });
server.on('stream', (stream, headers) => {
  const query = new URL(headers[':path'] ?? '/', 'https://127.0.0.1').searchParams;
  stream.on('error', () => stream.destroy());
  if (query.get('watch') === '1') {
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    let sent = 0;
    const more = (): void => {
      while (sent < events) {
        sent += 1;
        if (!stream.write(lines[sent % lines.length])) return void stream.once('drain', more);
      }
      stream.write(bookmark);
    };
    more();
    return;
  }
  const page = Number(query.get('continue') ?? 0);
  const isZipped = String(headers['accept-encoding']).includes('gzip');
  stream.respond({
    ':status': 200,
    'content-type': 'application/json',
    ...(isZipped && { 'content-encoding': 'gzip' }),
  });
  stream.end((isZipped ? zipped : plain)[page]);
});
server.listen(0, '127.0.0.1', () => {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bytes = plain.reduce((sum, page) => sum + page.length, 0);
  process.stdout.write(`${JSON.stringify({ url, authority: authority.certificate, bytes })}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
