// JSON.parse alone of everything that the clusters of a kubeconfig answer when they are read, in one thread:
// node bench/fleet/parse-limit.ts <kubeconfig>. It prints {bytes, objects, cpuMs, wireBytes}.
import pino from 'pino';
import { systemClock } from '../../src/base/clock.ts';
import { createCredential } from '../../src/kube/credentials.ts';
import { readKubeconfig } from '../../src/kube/kubeconfig.ts';
import { acceptOf, type Reading, resourcePath, selectorOf } from '../../src/kube/reflector-path.ts';
import { type ClusterTransport, openTransport } from '../../src/kube/transport.ts';
import { liveKinds } from '../../src/live/kind-table.ts';
import type { LiveKind } from '../../src/live/live-kind.ts';

const PAGE_OBJECTS = 500;
const MAX_BYTES = 2 ** 29;
const log = pino({ level: 'silent' });
const sum = { bytes: 0, objects: 0, cpuMs: 0, wireBytes: 0 };

interface List {
  readonly metadata: { readonly continue?: string };
  readonly items: readonly unknown[];
}

function parseTimed(body: Buffer): List {
  const before = process.cpuUsage();
  const list = JSON.parse(body.toString()) as List;
  const { user, system } = process.cpuUsage(before);
  sum.cpuMs += (user + system) / 1_000;
  sum.bytes += body.length;
  sum.objects += list.items.length;
  return list;
}

async function readKind(transport: ClusterTransport, kind: LiveKind): Promise<void> {
  const { group, plural, isNamespaced, fieldSelector, versions } = kind;
  const resource = { group, plural, kind: kind.kind, isNamespaced, version: versions[0] ?? 'v1' };
  const reading: Reading = { resource, fieldSelector, metadataOnly: kind.reading === 'metadata' };
  let token: string | undefined = '';
  while (token !== undefined) {
    const { status, body } = await transport.request({
      path: resourcePath(resource),
      query: { ...selectorOf(reading), limit: String(PAGE_OBJECTS), ...(token !== '' && { continue: token }) },
      accept: acceptOf(reading, 'list'),
      maxBytes: MAX_BYTES,
    });
    if (status !== 200) throw new Error(`${transport.cluster}: ${plural} ${status}`);
    const list = parseTimed(body);
    token = list.metadata.continue;
  }
}

// Connections of the server's own do not keep a process alive.
const alive = setInterval(() => undefined, 60_000);
const { contexts } = await readKubeconfig([process.argv[2] ?? '']);
for (const { connection } of contexts) {
  const credential = createCredential(connection.credential, connection, { clock: systemClock, environment: {}, log });
  const transport = openTransport(connection, credential, { clock: systemClock });
  for (const kind of liveKinds) await readKind(transport, kind);
  sum.wireBytes += transport.traffic.received;
  await transport.close();
}
clearInterval(alive);
console.log(JSON.stringify(sum));
