import type { SessionStart } from '../../src/access/session-value.ts';
import type { Config } from '../../src/config/config.ts';
import { noPolicy } from '../../src/config/policy-config.ts';
import type { AuditRecord } from '../../src/store/access-records.ts';
import type { RunningServer } from '../../src/server/serve.ts';
import { auditOf } from './access.ts';

/** A configuration in which Ada may do everything, others nothing, and nobody is a guest. */
export const adaAdministers: Partial<Config> = {
  guests: 'never',
  access: { ...noPolicy, admins: ['user:default/ada'] },
};

/** A session of a browser. */
export interface TestSession {
  readonly id: string;
  /** Value of the `Cookie` header. */
  readonly cookie: string;
  /** Headers as a page of the server sends them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Begins a session on a server, as a provider would. */
export async function signIn(
  server: Pick<RunningServer, 'access'>,
  principal = 'user:default/ada',
  parts: Partial<SessionStart> = {},
): Promise<TestSession> {
  const start = { principal, provider: 'test', ...parts };
  const { id, cookie: set } = await server.access.sessions.begin(start, auditOf('access.session.create', principal));
  const cookie = set.split(';', 1)[0] ?? '';
  return { id, cookie, headers: { cookie, 'sec-fetch-site': 'same-origin' } };
}

/** The audit records of a server once as many as expected are there, oldest first. */
export async function auditRecords(
  server: Pick<RunningServer, 'store'>,
  enough: (records: readonly AuditRecord[]) => boolean,
): Promise<readonly AuditRecord[]> {
  for (let round = 0; ; round += 1) {
    const records = (await server.store.access.audit({}, { limit: 1000 })).toReversed();
    if (enough(records) || round > 300) return records;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
