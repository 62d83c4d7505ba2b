import { expect, test } from 'vitest';
import { entityLinks, filePage } from './entity-links.ts';

const base = { apiVersion: 'v1', kind: 'Component', relations: [] };

test('declared links come first, then what annotations lead to', () => {
  const links = entityLinks({
    ...base,
    metadata: {
      name: 'desk',
      links: [{ url: 'https://docs.example/desk', title: 'Handbook', icon: 'docs' }, { url: 'https://a.example' }],
      annotations: {
        'backstage.io/source-location': 'url:https://github.com/house/desk/tree/main/',
        'backstage.io/edit-url': 'https://github.com/house/desk/edit/main/catalog-info.yaml',
      },
    },
  });
  expect(links.map(({ title, icon }) => [title, icon])).toEqual([
    ['Handbook', 'docs'],
    ['https://a.example', undefined],
    ['Source', 'code'],
    ['Edit descriptor', 'edit'],
  ]);
});

test('nothing but http and https may be followed', () => {
  const [link, ...others] = entityLinks({
    ...base,
    metadata: {
      name: 'desk',
      links: [{ url: 'javascript:alert(1)', title: 'Click' }],
      annotations: { 'backstage.io/view-url': 'javascript:alert(2)', 'backstage.io/source-location': 'file:/etc' },
    },
  });
  expect(link?.isWeb).toBe(false);
  expect(others).toEqual([]);
});

test('the page of the file is its view URL, or the URL it is read from', () => {
  const at = (annotations: Record<string, string>): string | undefined =>
    filePage({ ...base, metadata: { name: 'desk', annotations } });
  expect(at({ 'backstage.io/managed-by-location': 'url:https://a.example/c.yaml' })).toBe('https://a.example/c.yaml');
  expect(at({ 'backstage.io/managed-by-location': 'file:/srv/c.yaml' })).toBeUndefined();
});
