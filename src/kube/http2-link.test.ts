import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2Session,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Authority } from '../../demo/fleet/certificates.ts';
import { systemClock } from '../base/clock.ts';
import { type ClusterTransport, openTransport } from './transport.ts';

let server: Http2SecureServer;
let transport: ClusterTransport;
let sessions: ServerHttp2Session[];
/** Sessions of which further requests are turned away. */
let full: Set<Http2Session | undefined>;

beforeEach(async () => {
  const authority = await Authority.make('callboard test', new Date());
  const { certificate, key } = await authority.server(new Date());
  sessions = [];
  full = new Set();
  server = createSecureServer({ cert: certificate, key });
  server.on('session', (session) => sessions.push(session));
  server.on('stream', (stream) => {
    stream.on('error', () => stream.destroy());
    if (full.has(stream.session)) return stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    stream.respond({ ':status': 200 });
    stream.write('{}');
    if (stream.session !== sessions[0] || sessions.length > 1) stream.end();
    else setTimeout(() => stream.end('\n'), 300);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connection = {
    name: 'prod-eu-1',
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority: authority.certificate,
    isInsecure: false,
    disableCompression: false,
    credential: { type: 'none' },
  } as const;
  const nobody = { proof: () => Promise.resolve({}), refuse: () => false };
  transport = openTransport(connection, nobody, { clock: systemClock });
});

afterEach(async () => {
  await transport.close();
  for (const session of sessions) session.destroy();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

test('a session that turns requests away is left for another one; what is under way on it goes on', async () => {
  const underWay = await transport.open({ path: '/api/v1/pods' });
  full.add(sessions[0]);
  expect((await transport.request({ path: '/version' })).status).toBe(200);
  expect(sessions).toHaveLength(2);
  const parts: Buffer[] = [];
  for await (const part of underWay.chunks) parts.push(part);
  expect(Buffer.concat(parts).toString()).toBe('{}\n');
});
