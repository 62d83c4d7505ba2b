import { describe, expect, test } from 'vitest';
import type { LocationTarget } from './descriptor.ts';
import { resolveTarget } from './location-target.ts';

const root = '/srv/catalog';
const file = '/srv/catalog/teams/all.yaml';

function target(written: string, type = 'file'): LocationTarget {
  return {
    type,
    target: written,
    optional: false,
    entityRef: 'location:default/all',
    path: ['spec', 'target'],
    place: { line: 1, column: 1 },
  };
}

describe('a target of a Location in a file', () => {
  test.each([
    ['./a.yaml', '/srv/catalog/teams/a.yaml'],
    ['a.yaml', '/srv/catalog/teams/a.yaml'],
    ['../a.yaml', '/srv/catalog/a.yaml'],
    ['/srv/catalog/a.yaml', '/srv/catalog/a.yaml'],
    ['/docs/a.yaml', '/srv/catalog/docs/a.yaml'],
    ['./x/../a.yaml', '/srv/catalog/teams/a.yaml'],
  ])('%s means %s', (written, path) => {
    expect(resolveTarget(target(written), file, root)).toMatchObject({ type: 'file', path });
    expect(resolveTarget(target(written, 'url'), file, root)).toMatchObject({ type: 'file', path });
  });

  test.each(['../../etc/passwd', '../../catalog-of-others/a.yaml', '/../../etc/a.yaml'])(
    '%s may not be read',
    (written) => {
      const resolved = resolveTarget(target(written), file, root);
      if (resolved.type === 'file') expect(resolved.path.startsWith(`${root}/`)).toBe(true);
      else expect(resolved).toMatchObject({ type: 'refused', finding: { code: 'target-outside', severity: 'error' } });
    },
  );

  test('a pattern matches below its fixed part', () => {
    const resolved = resolveTarget(target('../plugins/**/catalog-*.yaml'), file, root);
    if (resolved.type !== 'glob') throw new Error('expected a pattern');
    expect(resolved.base).toBe('/srv/catalog/plugins');
    expect(resolved.matches('/srv/catalog/plugins/a/b/catalog-info.yaml')).toBe(true);
    expect(resolved.matches('/srv/catalog/plugins/a/b/info.yaml')).toBe(false);
  });

  test.each([
    ['https://example.org/a.yaml', 'file'],
    ['https://example.org/a.yaml', 'url'],
  ])('%s of type %s is for another source', (written, type) => {
    expect(resolveTarget(target(written, type), file, root)).toEqual({
      type: 'link',
      link: { location: `url:${written}`, entityRef: 'location:default/all', optional: false },
    });
  });

  test('of a type that nothing reads is an error', () => {
    expect(resolveTarget(target('anything', 'github-discovery'), file, root)).toMatchObject({
      finding: { code: 'target-unsupported', severity: 'error', entityRef: 'location:default/all' },
    });
  });

  test.each(['', './teams/'])('%j names no file', (written) => {
    expect(resolveTarget(target(written), file, root)).toMatchObject({ finding: { code: 'target-missing' } });
  });
});
