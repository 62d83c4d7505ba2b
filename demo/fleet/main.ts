// Runs Kubernetes API servers for a demo: node demo/fleet/main.ts --clusters 12 --folder <folder>
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kubeconfigText, openDemoFleet } from './demo-fleet.ts';

const help = `Kubernetes API servers for a demo, on loopback. What kubectl can ask, it can ask these.

  --clusters <n>     how many (default 12)
  --folder <folder>  where the kubeconfig is written (default .demo-fleet)
  --port <port>      of the first; the others follow (default: any free ones)
  --version <v>      Kubernetes version that they say they are (default 1.34.2)
`;

const { values } = parseArgs({
  options: {
    clusters: { type: 'string', default: '12' },
    folder: { type: 'string', default: '.demo-fleet' },
    port: { type: 'string' },
    version: { type: 'string', default: '1.34.2' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(help);
} else {
  const names = Array.from({ length: Number(values.clusters) }, (_, at) => `cluster-${at + 1}`);
  const fleet = await openDemoFleet({
    names,
    version: values.version,
    now: () => new Date(),
    ...(values.port !== undefined && { port: Number(values.port) }),
  });
  const folder = resolve(values.folder);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, kubeconfigText(fleet, 'demo-admin', await fleet.issue('demo-admin', ['system:masters'])), {
    mode: 0o600,
  });
  console.log(`${names.length} clusters are up. Ask them: kubectl --kubeconfig ${file} get namespaces`);
  const end = (): void => void fleet.close();
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
