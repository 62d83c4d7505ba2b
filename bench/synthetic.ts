import type { EntityWrite } from '../src/store/store.ts';

/** A small generator with a seed, so that every run measures the same catalog. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` components with owners, systems, tags, annotations and dependencies: about 1 KB each. */
export function components(count: number, seed = 42): EntityWrite[] {
  const random = seeded(seed);
  const pick = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, index) => {
    const entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: `component-${index}`,
        namespace: 'default',
        title: `Component number ${index}`,
        description: `A made-up component that does the work of ${pick(1000)} others and is measured, not used.`,
        labels: { 'example.com/cost-center': `cc-${pick(100)}` },
        annotations: {
          'backstage.io/kubernetes-id': `component-${index}`,
          'backstage.io/source-location': `url:https://git.example.com/bench/component-${index}/`,
        },
        tags: [`tag-${pick(40)}`, `level-${pick(3)}`],
        links: [{ url: `https://dashboards.example.com/d/component-${index}`, title: 'Dashboard' }],
      },
      spec: {
        type: ['service', 'library', 'website'][pick(3)],
        lifecycle: ['production', 'experimental', 'deprecated'][pick(3)],
        owner: `group:default/team-${pick(Math.max(1, count / 50))}`,
        system: `system-${pick(Math.max(1, count / 20))}`,
        dependsOn: [0, 1, 2].map(() => `component:default/component-${pick(count)}`),
      },
    };
    return {
      ref: `component:default/component-${index}`,
      body: JSON.stringify(entity),
      hash: `${seed}-${index}`,
      location: `file:/bench/${Math.floor(index / 50)}.yaml`,
      source: 'bench',
      line: 1,
    };
  });
}
