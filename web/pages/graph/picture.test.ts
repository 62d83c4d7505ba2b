import { expect, test } from 'vitest';
import { boundsOf, centredAt, fitAll, fitReadable, showing, zoomed } from './camera.ts';
import { nextBox } from './key-walk.ts';
import { BOX, pathOf } from './geometry.ts';
import { layOut } from './layout.ts';
import { sceneOf } from './scene.ts';

const line = (from: string, to: string) => ({ id: `${from}>${to}`, from, to });
const request = {
  root: 'desk',
  boxes: ['desk', 'seats', 'ledger', 'till', 'web'],
  lines: [line('desk', 'seats'), line('desk', 'ledger'), line('till', 'desk'), line('web', 'desk')],
};
const layout = layOut(request);
const at = (id: string) => layout.boxes.get(id) ?? { x: NaN, y: NaN };

test('what is needed stands left, what needs it right, and no two boxes overlap', () => {
  expect(at('seats').x).toBeLessThan(at('desk').x - BOX.width);
  expect(at('desk').x).toBeLessThan(at('till').x - BOX.width);
  expect(at('till').x).toBe(at('web').x);
  const middles = [...layout.boxes.values()];
  for (const [index, one] of middles.entries()) {
    for (const other of middles.slice(index + 1)) {
      expect(Math.abs(one.x - other.x) >= BOX.width || Math.abs(one.y - other.y) >= BOX.height).toBe(true);
    }
  }
});

test('a line goes from its source to its target', () => {
  const points = layout.lines.get('desk>seats')?.points ?? [];
  expect(points[0]?.x).toBeCloseTo(at('desk').x - BOX.width / 2);
  expect(points.at(-1)?.x).toBeCloseTo(at('seats').x + BOX.width / 2);
  expect(pathOf(points)).toMatch(/^M[\d. ]+C/);
});

test('circles and boxes without a line are laid out too', () => {
  const circle = layOut({ root: 'a', boxes: ['a', 'b', 'alone'], lines: [line('a', 'b'), line('b', 'a')] });
  expect([...circle.boxes.keys()]).toEqual(['a', 'b', 'alone']);
  expect(circle.lines.size).toBe(2);
});

test('sixty boxes are laid out, whatever ties them', () => {
  const boxes = Array.from({ length: 60 }, (_, index) => `n${index}`);
  const lines = boxes.flatMap((from, index) => [1, 7, 13].map((step) => line(from, boxes[(index + step) % 60] ?? '')));
  expect(layOut({ root: 'n0', boxes, lines }).boxes.size).toBe(60);
});

test('arrows walk along edges and inside a column', () => {
  const lines = request.lines.map((each) => ({ ...each, types: [], words: '' }));
  expect(nextBox(layout, lines, 'seats', 'ArrowRight')).toBe('desk');
  expect(nextBox(layout, lines, 'seats', 'ArrowLeft')).toBeUndefined();
  expect(['seats', 'ledger']).toContain(nextBox(layout, lines, 'desk', 'ArrowLeft'));
  const [upper, lower] = at('till').y < at('web').y ? ['till', 'web'] : ['web', 'till'];
  expect(nextBox(layout, lines, upper ?? '', 'ArrowDown')).toBe(lower);
  expect(nextBox(layout, lines, upper ?? '', 'ArrowUp')).toBeUndefined();
});

test('the camera fits the picture, stays readable, zooms where the pointer is and follows the focus', () => {
  const window = { width: 800, height: 600 };
  const bounds = boundsOf(layout.boxes.values(), BOX);
  const all = fitAll(bounds, window);
  expect(all.scale).toBeLessThanOrEqual(1);
  expect(all.left + bounds.x * all.scale).toBeGreaterThanOrEqual(-1);
  const near = fitReadable({ x: 0, y: 0, width: 20_000, height: 9_000 }, window, { x: 500, y: 400 });
  expect(near).toEqual(centredAt({ x: 500, y: 400 }, near, window));
  expect(near.scale).toBeGreaterThan(0.5);
  const point = { x: 100, y: 50 };
  const zoom = zoomed(all, 1.5, point);
  expect((point.x - zoom.left) / zoom.scale).toBeCloseTo((point.x - all.left) / all.scale);
  const seen = showing({ left: 0, top: 0, scale: 1 }, { x: 2000, y: -50 }, BOX, window);
  expect(2000 + seen.left).toBeLessThan(window.width);
  expect(-50 + seen.top).toBeGreaterThan(0);
});

test('a picture joins edges between two boxes into one line, and names groups by what joins them', () => {
  const entity = { kind: 'Component', exists: true, problems: { errors: 1, warnings: 0 }, folded: 0, hidden: [] };
  const scene = sceneOf(
    {
      revision: 1,
      root: 'component:default/a',
      nodes: [{ ...entity, ref: 'component:default/a', name: 'a', distance: 0 }],
      groups: [
        { id: 'kind=api', by: 'kind', key: 'api', title: 'api', distance: 1, count: 1200 },
        { id: 'owner=', by: 'owner', key: '', title: '', distance: 1, count: 3 },
      ],
      edges: [
        { from: 'component:default/a', to: 'kind=api', type: 'dependsOn', count: 1200 },
        { from: 'component:default/a', to: 'kind=api', type: 'ownedBy', count: 1 },
      ],
      relations: [],
      complete: true,
    },
    [],
  );
  expect(scene.boxes.map(({ title }) => title)).toEqual(['a', `${(1200).toLocaleString()} APIs`, 'Without an owner']);
  expect(scene.lines).toMatchObject([{ words: 'depends on (1200), owned by' }]);
});
