import { createHash } from 'node:crypto';
import type { AccessState } from '../../src/access/access-state.ts';
import { openAccessState } from '../../src/access/access-state.ts';
import { PolicyEngine, type PolicyEngineOptions } from '../../src/access/policy/policy-engine.ts';
import type { PolicyGround } from '../../src/access/policy/role-check.ts';
import type { BindingBody, PermissionItem, RoleBody } from '../../src/api/roles.ts';
import type { Entity } from '../../src/model/entity.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { entityRefOf } from '../../src/model/ref.ts';
import type { AccessWrite } from '../../src/store/access-records.ts';
import type { Write } from '../../src/store/store.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { MemoryAccessStore } from './memory-access-store.ts';
import { ScriptedCatalog } from './scripted-catalog.ts';

const items: readonly (readonly [string, PermissionItem['resource']])[] = [
  ['catalog.entity.read', 'entity'],
  ['catalog.entity.refresh', 'entity'],
  ['catalog.entity.delete', 'entity'],
  ['catalog.location.read', 'none'],
  ['catalog.location.create', 'none'],
  ['catalog.source.read', 'none'],
  ['access.policy.read', 'none'],
  ['access.policy.update', 'none'],
  ['kube.pod.read', 'live'],
  ['kube.pod.delete', 'live'],
];

/** Permissions of a server, and one stored fact: `facts.probe.saw`. */
export const testGround: PolicyGround = {
  permissions: new Map(
    items.map(([name, resource]) => [name, { name, resource, description: `May ${name}.`, manifest: 'test' }]),
  ),
  storedFacts: (collector, path) => collector === 'probe' && path === 'saw',
};

/** A policy engine over a catalog and records in memory. */
export interface TestPolicy {
  readonly catalog: ScriptedCatalog;
  readonly state: AccessState;
  readonly engine: PolicyEngine;
  /** Writes entities, and removes those named by ref, and waits until the graph has them. */
  put(...changes: readonly (Entity | string)[]): Promise<void>;
  role(name: string, body: RoleBody | RoleBody['rules'] | null): Promise<void>;
  bind(name: string, body: BindingBody | null): Promise<void>;
  close(): Promise<void>;
}

/** Opens one. Without more it is configured, and nobody may do anything. */
export async function openTestPolicy(
  options: Partial<Omit<PolicyEngineOptions, 'graph' | 'state'>> & { readonly entities?: readonly Entity[] } = {},
): Promise<TestPolicy> {
  const catalog = await new ScriptedCatalog().open();
  const log = createLog({ level: 'fatal', format: 'json' });
  const state = await openAccessState({ store: new MemoryAccessStore(), clock: catalog.clock, log });
  const { entities = [], ...rest } = options;
  const engine = new PolicyEngine({
    state,
    graph: catalog.graph,
    ground: testGround,
    standing: { admins: [], services: [] },
    isConfigured: true,
    ...rest,
  });
  const write = async (type: 'role' | 'binding', key: string, value: object | null): Promise<void> => {
    const change: AccessWrite =
      value === null ? { op: 'delete', type, key } : { op: 'put', type, key, value: value as JsonObject };
    await state.commit([change], []);
  };
  const put = async (...changes: readonly (Entity | string)[]): Promise<void> =>
    catalog.do({ do: 'commit', writes: changes.map(entityChange) });
  if (entities.length > 0) await put(...entities);
  return {
    catalog,
    state,
    engine,
    put,
    role: (name, body) => write('role', name, Array.isArray(body) ? { rules: body } : body),
    bind: (name, body) => write('binding', name, body),
    async close() {
      await engine.close();
      await state.close();
      await catalog.close();
    },
  };
}

/** An entity, as much of it as a test needs. */
export function entity(kind: string, name: string, spec: JsonObject = {}): Entity {
  return { apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name, namespace: 'default' }, spec };
}

/** The write that puts an entity, or removes what a ref names. */
export function entityChange(change: Entity | string): Write {
  const location = 'test:policy';
  if (typeof change === 'string') return { op: 'deleteEntity', ref: change, location };
  const body = JSON.stringify(change);
  const hash = createHash('sha256').update(body).digest('hex');
  return { op: 'putEntity', entity: { ref: entityRefOf(change), body, hash, location, source: 'test', line: 1 } };
}
