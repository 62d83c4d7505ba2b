import type { EntityWrite, Write } from '../../src/store/store.ts';
import type { Fact } from '../../src/model/fact.ts';

/** An entity to write; its hash follows from `content`. */
export function entityWrite(name: string, change: Partial<EntityWrite> & { content?: string } = {}): EntityWrite {
  const { content = 'first', ...rest } = change;
  const body = { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name, namespace: 'default' } };
  return {
    ref: `component:default/${name}`,
    body: JSON.stringify({ ...body, spec: { type: content } }),
    hash: `hash of ${content}`,
    location: 'file:/catalog/a.yaml',
    source: 'files',
    line: 1,
    ...rest,
  };
}

/** Puts an entity. */
export function putEntity(name: string, change: Parameters<typeof entityWrite>[1] = {}): Write {
  return { op: 'putEntity', entity: entityWrite(name, change) };
}

/** Puts a fact about `component:default/<name>`. */
export function putFact(name: string, path: string, change: Partial<Fact> = {}): Write {
  return {
    op: 'putFact',
    fact: {
      entityRef: `component:default/${name}`,
      collector: 'test',
      path,
      value: 1,
      source: 'here',
      observedAt: 100,
      ...change,
    },
  };
}
