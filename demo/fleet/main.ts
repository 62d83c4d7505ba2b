// Runs the clusters of the demo: node demo/fleet/main.ts --clusters 12 --folder <folder>
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCatalogue } from './catalogue.ts';
import { kubeconfigText, openClusters } from './demo-fleet.ts';
import { openFaultAdmin } from './faults-admin.ts';
import { FleetStrikes } from './faults-strikes.ts';
import { liveWithKubeconfig } from './fleet-life.ts';
import { Scenario } from './scenario.ts';
import { OPERATORS } from './world-access.ts';
import { WorldClock } from './world-clock.ts';
import { clusterPlans, faceOf } from './world-clusters.ts';
import { makeWorld } from './world.ts';

const help = `Kubernetes clusters for a demo, on loopback: what kubectl can ask, it can ask these.

  --clusters <n>     how many of the ${clusterPlans.length} (default: all)
  --folder <folder>  where the kubeconfig is written (default .demo-fleet)
  --port <port>      of the first; the others follow (default: any free ones)
  --speed <n>        seconds of the demo in a second (default 1)
  --admin-port <port> where clusters are counted and made to fail (default: nowhere; 0: any free one)
  --seed <text>      another one is another sequence of events (default lantern)
  --verbose          say what happens
  --until-input-ends it ends when its standard input does, as it does when who started it is gone
`;

const { values } = parseArgs({
  options: {
    clusters: { type: 'string', default: String(clusterPlans.length) },
    folder: { type: 'string', default: '.demo-fleet' },
    port: { type: 'string' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: 'lantern' },
    verbose: { type: 'boolean', default: false },
    'admin-port': { type: 'string' },
    'until-input-ends': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function run(): Promise<void> {
  const plans = clusterPlans.slice(0, Number(values.clusters));
  const clock = new WorldClock(() => Date.now(), Number(values.speed));
  const programs = readCatalogue(fileURLToPath(new URL('../organisation', import.meta.url)));
  const worlds = makeWorld(plans, programs, clock);
  const fleet = await openClusters({
    clusters: worlds.map(({ cluster }) => cluster),
    now: () => clock.now(),
    hasWireFaults: values['admin-port'] !== undefined,
    ...(values.port !== undefined && { port: Number(values.port) }),
  });
  clock.run();
  const servers = new Map(fleet.servers.map((server) => [server.cluster.name, server]));
  const scenario = new Scenario({
    worlds,
    seed: values.seed,
    start: clock.now(),
    reach: (name, isReachable) => void servers.get(name)?.setFault(isReachable ? undefined : { type: 'refuse' }),
    ...(values.verbose && { tell: (line: string) => console.log(`${clock.now().toISOString()} ${line}`) }),
  });
  const steps = setInterval(() => scenario.step(clock.now()), 1_000);
  const strikes = new FleetStrikes(() => clock.now());
  const port = values['admin-port'];
  const admin = port === undefined ? undefined : await openFaultAdmin(fleet.servers, strikes, Number(port));
  const faces = new Map(plans.map((plan) => [plan.name, faceOf(plan)]));
  const user = await fleet.issue('demo-operator', [OPERATORS]);
  const text = kubeconfigText(fleet, 'demo-operator', user, (name) => faces.get(name) ?? {});
  const file = liveWithKubeconfig(text, {
    folder: values.folder,
    endsWithInput: values['until-input-ends'],
    end: () => {
      clearInterval(steps);
      void fleet.close();
      void admin?.close();
    },
  });
  console.log(`${plans.length} clusters are up. Ask them: kubectl --kubeconfig ${file} get namespaces`);
  if (admin) console.log(`Faults are asked for at ${admin.url}/clusters`);
}

if (values.help) console.log(help);
else await run();
