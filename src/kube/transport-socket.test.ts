import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authority } from '../../demo/fleet/certificates.ts';
import { ScriptServer, sendJson } from '../../test/support/kube-script-server.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { systemClock } from '../base/clock.ts';
import type { ClusterConnection } from './connection.ts';
import { faultOf, type TransportFault } from './transport-fault.ts';
import { openTransport } from './transport.ts';

const YEARS_MS = 3 * 365 * 86_400_000;
let authority: Authority;
let stranger: Authority;
let server: ScriptServer;
let old: ScriptServer;
let folder: string;

beforeAll(async () => {
  const now = new Date();
  [authority, stranger] = await Promise.all([Authority.make('the cluster', now), Authority.make('a stranger', now)]);
  const script = (_request: unknown, response: Parameters<typeof sendJson>[0]): void => sendJson(response, 200, {});
  server = await ScriptServer.open({ identity: await authority.server(now), script });
  old = await ScriptServer.open({ identity: await authority.server(new Date(now.getTime() - YEARS_MS)), script });
  folder = mkdtempSync(join(tmpdir(), 'callboard-authority-'));
});
afterAll(async () => {
  await Promise.all([server.close(), old.close()]);
  rmSync(folder, { recursive: true });
});

/** Status of a request, or the fault that it ends with. */
async function ask(
  url: string,
  rest: Partial<ClusterConnection>,
  clock = systemClock,
): Promise<number | TransportFault> {
  const connection: ClusterConnection = {
    name: 'prod-eu-1',
    server: url,
    isInsecure: false,
    disableCompression: false,
    credential: { type: 'none' },
    ...rest,
  };
  const nobody = { proof: () => Promise.resolve({}), refuse: () => false };
  const transport = openTransport(connection, nobody, { clock });
  try {
    return (await transport.request({ path: '/' })).status;
  } catch (thrown) {
    const fault = faultOf(thrown);
    if (fault === undefined) throw thrown;
    return fault;
  } finally {
    await transport.close();
  }
}

describe('the certificate of a server', () => {
  test('is believed when the authority of the cluster issued it', async () => {
    expect(await ask(server.url, { authority: authority.certificate })).toBe(200);
    expect(await ask(server.url, { authority: authority.certificate, tlsServerName: 'localhost' })).toBe(200);
  });

  test('is not believed otherwise, and it is said who issued it', async () => {
    const unknown = {
      code: 'CertificateUnknown',
      message: expect.stringMatching(/kube-apiserver\) is issued by the cluster,.*certificate-authority/) as string,
    };
    expect(await ask(server.url, {})).toEqual(unknown);
    expect(await ask(server.url, { authority: stranger.certificate })).toEqual(unknown);
    expect(server.asked.length).toBe(2);
  });

  test('is not looked at where the connection says so', async () => {
    expect(await ask(server.url, { isInsecure: true })).toBe(200);
    expect(await ask(old.url, { isInsecure: true })).toBe(200);
  });

  test('must hold now', async () => {
    expect(await ask(old.url, { authority: authority.certificate })).toEqual({
      code: 'CertificateExpired',
      message: expect.stringMatching(/holds from .* to .*: it must be renewed/) as string,
    });
  });

  test('must be for the name that is asked for', async () => {
    expect(await ask(server.url, { authority: authority.certificate, tlsServerName: 'elsewhere.example' })).toEqual({
      code: 'NameMismatch',
      message: expect.stringMatching(/is for .*localhost.*tls-server-name/) as string,
    });
  });

  test('is compared with what the file of the authority holds now', async () => {
    const authorityPath = join(folder, 'ca.crt');
    expect(await ask(server.url, { authorityPath })).toMatchObject({
      code: 'CertificateUnknown',
      message: expect.stringContaining('cannot be read') as string,
    });
    writeFileSync(authorityPath, stranger.certificate);
    expect(await ask(server.url, { authorityPath })).toMatchObject({ code: 'CertificateUnknown' });
    writeFileSync(authorityPath, authority.certificate);
    expect(await ask(server.url, { authorityPath })).toBe(200);
  });
});

describe('what cannot be connected to', () => {
  test('is told in a word', async () => {
    expect(await ask('https://127.0.0.1:1', {})).toMatchObject({ code: 'ConnectionRefused' });
    expect(await ask('https://no-such-host.invalid', {})).toMatchObject({
      code: expect.stringMatching(/^(HostUnknown|NetworkUnreachable)$/) as string,
    });
  });

  test('may take the connection and say nothing, for ten seconds', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => socket.destroy()));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const clock = new ManualClock();
    const asked = ask(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`, { isInsecure: true }, clock);
    const [socket] = (await once(silent, 'connection')) as [{ destroy(): void }];
    clock.advance(10_000);
    expect(await asked).toMatchObject({ code: 'Timeout' });
    socket.destroy();
    silent.close();
  });

  test('may speak something else', async () => {
    const other = createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end('SSH-2.0-OpenSSH_9.9\r\n');
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `https://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect(await ask(url, { isInsecure: true })).toMatchObject({ code: 'ProtocolError' });
    other.close();
  });
});
