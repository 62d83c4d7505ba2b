import type { FleetConfig } from '../../src/config/fleet-config.ts';
import { serve } from '../../src/server/serve.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { testConfig } from './server.ts';
import { adaAdministers, signIn } from './signed-in.ts';

// A server that people act through, in a process of its own, to be killed. Its argument is JSON of `ActingProcess`; it tells its
// parent where it listens, and the headers of somebody who is signed in.

/** How the process is started. */
export interface ActingProcess {
  readonly dataFolder: string;
  readonly fleet: FleetConfig;
}

/** What it says once it listens. */
export interface ActingProcessStarted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const { dataFolder, fleet } = JSON.parse(process.argv[2] ?? '') as ActingProcess;
const config = testConfig({ ...adaAdministers, dataFolder, fleet: { ...fleet, catalog: undefined } });
const server = await serve({ config, log: createLog(config.log) });
const { headers } = await signIn(server, 'user:default/ada');
process.send?.({ url: server.url, headers } satisfies ActingProcessStarted);
