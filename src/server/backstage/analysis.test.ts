import { expect, test } from 'vitest';
import { analyzeTarget } from './analysis.ts';

const slug = (prefix: string, path: string): object => ({ annotations: { [`${prefix}/project-slug`]: path } });

test.each([
  ['https://github.com/acme/widget', { name: 'widget', ...slug('github.com', 'acme/widget') }],
  ['https://github.com/acme/widget.git', { name: 'widget', ...slug('github.com', 'acme/widget') }],
  ['https://github.com/acme/widget/blob/main/a/b.yaml', { name: 'widget', ...slug('github.com', 'acme/widget') }],
  ['https://github.com/acme/tree/tree/main', { name: 'tree', ...slug('github.com', 'acme/tree') }],
  ['https://gitlab.com/acme/sub/widget', { name: 'widget', ...slug('gitlab.com', 'acme/sub/widget') }],
  ['https://gitlab.com/acme/sub/widget/-/blob/x/y.yaml', { name: 'widget', ...slug('gitlab.com', 'acme/sub/widget') }],
  ['https://bitbucket.org/acme/widget/src/main/', { name: 'widget', ...slug('bitbucket.org', 'acme/widget') }],
  ['https://dev.azure.com/org/project/_git/repo?path=/x', { name: 'repo', ...slug('dev.azure.com', 'project/repo') }],
  ['http://127.0.0.1:8080/served/one.yaml', { name: 'one.yaml' }],
])('%s', (target, metadata) => {
  expect(analyzeTarget(target)).toEqual({
    existingEntityFiles: [],
    generateEntities: [
      {
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata,
          spec: { type: 'other', lifecycle: 'unknown' },
        },
        fields: [],
      },
    ],
  });
});

test('a URL that names no repository proposes nothing', () => {
  expect(analyzeTarget('https://github.com/')).toEqual({ existingEntityFiles: [], generateEntities: [] });
});

test.each(['not a url', './catalog.yaml', ''])('%j is refused', (target) => {
  expect(() => analyzeTarget(target)).toThrow(expect.objectContaining({ code: 'TARGET_NOT_URL', status: 400 }));
});
