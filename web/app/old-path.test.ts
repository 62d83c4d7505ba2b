import { describe, expect, test } from 'vitest';
import { oldPathTarget } from './old-path.ts';

const target = (url: string): string | undefined => {
  const { pathname, search } = new URL(url, 'http://localhost');
  return oldPathTarget(pathname, search);
};

describe('an entity by namespace, kind and name', () => {
  test.each([
    ['/catalog/default/component/desk', '/catalog/component/default/desk'],
    ['/catalog/default/Component/desk/', '/catalog/component/default/desk'],
    ['/catalog/stage/API/seats/definition', '/catalog/api/stage/seats?view=definition'],
    ['/catalog/default/component/desk/dependencies', '/catalog/component/default/desk?view=relations'],
    ['/catalog/default/component/desk/ci-cd/runs/7', '/catalog/component/default/desk'],
    ['/catalog/default/component/desk?utm=chat', '/catalog/component/default/desk?utm=chat'],
    ['/catalog/default/user/j%C3%BCrgen.b', '/catalog/user/default/j%C3%BCrgen.b'],
    ['/docs/default/component/desk/guides/start#top', '/catalog/component/default/desk'],
    ['/create/templates/default/new-service?formData=%7B%7D', '/catalog/template/default/new-service'],
  ])('%s -> %s', (from, to) => {
    expect(target(from)).toBe(to);
  });

  test.each([
    '/catalog/component/default/desk',
    '/catalog/component/default/desk?view=history',
    // A namespace may be called as a kind is.
    '/catalog/component/api/desk',
    '/catalog/system/component/desk',
    '/catalog/default/stage-prop/sword',
    '/catalog/default/component',
  ])('%s is ours, or nobody’s', (path) => {
    expect(target(path)).toBeUndefined();
  });
});

test.each([
  ['/catalog?filters[kind]=Component&filters[type]=service', '/catalog?kind=component&type=service'],
  [
    '/catalog?filters[owners][0]=group:default/a&filters[owners][1]=group:default/b&filters[user]=all',
    '/catalog?owner=group:default/a,group:default/b',
  ],
  ['/catalog?filters%5Btags%5D%5B%5D=java&filters[lifecycles]=production', '/catalog?lifecycle=production&tag=java'],
  [
    '/catalog?filters[kind]=component&filters[text]=box+office&limit=20&cursor=abc',
    '/catalog?kind=component&q=box+office',
  ],
  ['/catalog?filters[kind]=component&filters[user]=owned', '/'],
  [
    '/catalog?filters[kind]=component&filters[user]=owned&filters[type]=service',
    '/catalog?kind=component&type=service',
  ],
  ['/catalog?filters[user]=starred', '/'],
  ['/api-docs', '/catalog?kind=api'],
  ['/api-docs?filters[type]=grpc', '/catalog?kind=api&type=grpc'],
  ['/search?query=tickets&types[]=techdocs', '/catalog?q=tickets'],
  ['/search', '/catalog'],
])('the list and its filters: %s -> %s', (from, to) => {
  expect(target(from)).toBe(to);
});

test.each([
  ['/catalog-graph?rootEntityRefs[]=Component:default/Desk', '/graph?root=component:default/desk'],
  ['/catalog-graph?rootEntityRefs%5B0%5D=a:b/c&rootEntityRefs%5B1%5D=d:e/f&maxDepth=2', '/graph?root=a:b/c&depth=2'],
  [
    '/catalog-graph?maxDepth=%E2%88%9E&selectedRelations[]=ownedBy&selectedRelations[]=partOf',
    '/graph?rel=ownedBy,partOf',
  ],
  ['/catalog-graph?rootEntityRefs[]=a:b/c&maxDepth=9&direction=LR', '/graph?root=a:b/c&depth=3'],
])('the graph: %s -> %s', (from, to) => {
  expect(target(from)).toBe(to);
});

test.each([
  ['/catalog-import', '/sources/register'],
  ['/create', '/catalog?kind=template'],
  ['/create/tasks/1234', '/catalog?kind=template'],
  ['/docs', '/catalog'],
  ['/settings/auth-providers', '/settings'],
  ['/notifications', '/'],
])('other places: %s -> %s', (from, to) => {
  expect(target(from)).toBe(to);
});

test.each(['/', '/catalog', '/catalog?kind=component', '/settings', '/problems', '/graph?root=a:b/c', '/hello'])(
  '%s stays',
  (path) => {
    expect(target(path)).toBeUndefined();
  },
);
