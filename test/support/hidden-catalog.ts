import { createHash } from 'node:crypto';
import type { Entity } from '../../src/model/entity.ts';
import { entityRefOf } from '../../src/model/ref.ts';
import type { Write } from '../../src/store/store.ts';
import { isHidden } from './half-policy.ts';

/** A catalog of which `halfPolicy` hides a half, with names that occur nowhere by accident. */
export interface HiddenCatalog {
  readonly writes: readonly Write[];
  readonly visible: readonly Entity[];
  readonly hidden: readonly Entity[];
  /** The words that may only be known to who sees the hidden half. */
  readonly secrets: readonly string[];
  /** Later changes of everything, so that there is a history and something to watch. */
  readonly updates: readonly Write[];
}

/** Gives names until one is found that lies in the wanted half. */
class Names {
  #count = 0;

  next(kind: string, hidden: boolean): string {
    for (;;) {
      this.#count += 1;
      const name = `x${createHash('sha256').update(`name ${this.#count}`).digest('hex').slice(0, 12)}`;
      if (isHidden(`${kind}:default/${name}`) === hidden) return name;
    }
  }
}

const EACH = 12;

/**
 * Makes the catalog. Nothing visible names anything hidden in its own text, but everything hidden is tied to what is
 * visible: owner, parts, dependencies in both directions, members.
 */
export function hiddenCatalog(): HiddenCatalog {
  const names = new Names();
  const owner = entity('Group', names.next('group', false), { type: 'team', children: [] });
  const system = entity('System', names.next('system', false), { owner: entityRefOf(owner) });
  const ties = { owner: entityRefOf(owner), system: entityRefOf(system), lifecycle: 'production' };
  const visible = [owner, system];
  const hidden: Entity[] = [];
  for (let index = 0; index < EACH; index += 1) {
    const shown = entity('Component', names.next('component', false), { ...ties, type: 'service' });
    const secret = names.next('component', true);
    visible.push(shown);
    hidden.push(
      entity('Component', secret, { ...ties, type: `t${secret}`, dependsOn: [entityRefOf(shown)] }, secret),
      entity('User', names.next('user', true), { memberOf: [owner.metadata.name] }),
    );
  }
  hidden.push(entity('Group', names.next('group', true), { type: 'team', children: [], parent: owner.metadata.name }));
  const all = [...visible, ...hidden];
  return {
    visible,
    hidden,
    secrets: hidden.map(({ metadata }) => metadata.name),
    writes: [...all.flatMap(writesOf), ...unboundWrites(hidden)],
    updates: all.map((item) =>
      putEntity({ ...item, metadata: { ...item.metadata, description: `again ${item.metadata.name}` } }),
    ),
  };
}

function entity(kind: string, name: string, spec: Entity['spec'], tag = 'plain'): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default', title: `Title of ${name}`, tags: [tag], labels: { name } },
    ...(spec && { spec }),
  };
}

const locationOf = (item: Entity): string => `test:/srv/${item.metadata.name}.yaml`;

function putEntity(item: Entity): Write {
  const location = locationOf(item);
  const annotations = { 'backstage.io/managed-by-location': location };
  const body = JSON.stringify({ ...item, metadata: { ...item.metadata, annotations } });
  const hash = createHash('sha256').update(body).digest('hex');
  return { op: 'putEntity', entity: { ref: entityRefOf(item), body, hash, location, source: 'test', line: 1 } };
}

/** The entity with a fact, a problem and a location of its own. */
function writesOf(item: Entity): readonly Write[] {
  const ref = entityRefOf(item);
  const { name } = item.metadata;
  const location = locationOf(item);
  return [
    putEntity(item),
    {
      op: 'putFact',
      fact: { entityRef: ref, collector: 'probe', path: 'saw', value: `saw ${name}`, source: 'test', observedAt: 1 },
    },
    {
      op: 'putProblem',
      problem: {
        id: `problem-${name}`,
        source: 'test',
        location,
        code: 'entity-schema',
        severity: 'warning',
        message: `${name} lacks something`,
        entityRef: ref,
        line: 1,
        since: 1,
      },
    },
    { op: 'putLocation', location: { ref: location, source: 'test', fingerprint: '1', entities: 1, changedAt: 1 } },
  ];
}

/** What belongs to no entity and yet speaks of hidden ones. */
function unboundWrites(hidden: readonly Entity[]): readonly Write[] {
  const name = hidden[0]?.metadata.name ?? '';
  return [
    {
      op: 'putProblem',
      problem: {
        id: `unbound-${name}`,
        source: 'test',
        location: `test:/srv/broken-${name}.yaml`,
        code: 'yaml-syntax',
        severity: 'error',
        message: `bad indentation near ${name}`,
        since: 1,
      },
    },
    {
      op: 'putLocation',
      location: { ref: `test:/srv/broken-${name}.yaml`, source: 'test', fingerprint: '1', entities: 0, changedAt: 1 },
    },
    {
      op: 'putLease',
      lease: { collector: 'probe', source: 'test', lastSuccessAt: 1, expiresAt: 4e12, error: `cannot read ${name}` },
    },
  ];
}
