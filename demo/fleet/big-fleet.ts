// Runs a fleet as large as fleets are: node demo/fleet/big-fleet.ts --clusters 150 --folder <folder>
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { adminUrl, openBigAdmin } from './big-admin.ts';
import { BigCluster } from './big-cluster.ts';
import { BigLoad } from './big-load.ts';
import { planFleet } from './big-plan.ts';
import { BigServer } from './big-server.ts';
import { Authority } from './certificates.ts';
import { liveWithKubeconfig } from './fleet-life.ts';

const help = `A large fleet of Kubernetes API servers, on loopback, to be read only. Its objects are put together as they are sent.

  --clusters <n>     how many (default 150)
  --services <n>     that run in them, each in 3.3 clusters in the mean (default 5000)
  --pods <n>         of all of them, about (default 270000)
  --folder <folder>  where the kubeconfig is written (default .big-fleet)
  --events <n>       changes a second over all clusters (default 0)
  --admin-port <n>   port for rates, faults and samples (default: none; 0: any free one)
  --until-input-ends it ends when its standard input does
`;

const { values } = parseArgs({
  options: {
    clusters: { type: 'string', default: '150' },
    services: { type: 'string', default: '5000' },
    pods: { type: 'string', default: '270000' },
    folder: { type: 'string', default: '.big-fleet' },
    events: { type: 'string', default: '0' },
    'admin-port': { type: 'string' },
    'until-input-ends': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(help);
else await run();

async function run(): Promise<void> {
  const plan = planFleet({
    clusters: Number(values.clusters),
    services: Number(values.services),
    pods: Number(values.pods),
  });
  const now = new Date();
  const authority = await Authority.make('callboard big fleet', now);
  const identity = await authority.server(now);
  const token = randomBytes(24).toString('base64url');
  const servers: BigServer[] = [];
  for (const each of plan.clusters) {
    servers.push(await BigServer.open(new BigCluster(each, now.getTime()), token, identity));
  }
  const load = new BigLoad(servers.map(({ cluster }) => cluster));
  load.setRate(Number(values.events));
  const port = values['admin-port'];
  const admin = port === undefined ? undefined : await openBigAdmin({ servers, load }, Number(port));
  if (admin !== undefined) console.log(`admin ${adminUrl(admin)}`);
  const file = liveWithKubeconfig(kubeconfigText(servers, authority.certificate, token), {
    folder: values.folder,
    endsWithInput: values['until-input-ends'],
    end: () => {
      load.setRate(0);
      admin?.close();
      for (const server of servers) void server.close();
    },
  });
  console.log(`${servers.length} clusters are up. Ask them: kubectl --kubeconfig ${file} get namespaces`);
}

/** A kubeconfig with one context a cluster, as JSON, which is YAML too. */
function kubeconfigText(servers: readonly BigServer[], authority: string, token: string): string {
  const user = 'big-fleet-reader';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: servers.map(({ url, cluster: { plan } }) => ({
      name: plan.name,
      cluster: {
        server: url,
        'certificate-authority-data': Buffer.from(authority).toString('base64'),
        extensions: [
          {
            name: 'callboard.dev/cluster',
            extension: { labels: plan.labels, protected: plan.isProtected, title: plan.title },
          },
        ],
      },
    })),
    users: [{ name: user, user: { token } }],
    contexts: servers.map(({ cluster: { plan } }) => ({ name: plan.name, context: { cluster: plan.name, user } })),
    'current-context': servers[0]?.cluster.plan.name ?? '',
  };
  return JSON.stringify(config, undefined, 2);
}
