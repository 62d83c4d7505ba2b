import { mermaidText, type TextGraph } from '../../../src/model/graph-text.ts';
import { kindShape } from '../../ui/kind-glyph.tsx';
import { boundsOf } from './camera.ts';
import { BOX, pathOf } from './geometry.ts';
import { kindOf, problemWords, type Box, type Scene } from './scene.ts';
import { fitted, textWidth } from './text-width.ts';
import type { LaidOut } from './use-layout.ts';

/** The colours of a picture as it is seen, so that its file needs no style sheet. */
export type PictureColors = Readonly<Record<(typeof COLORS)[number], string>>;

const COLORS = ['panel', 'text', 'muted', 'control', 'accent', 'degraded', 'stale'] as const;

/** Reads the colours of the present theme. */
export function readColors(): PictureColors {
  const probe = document.createElement('span');
  document.body.append(probe);
  const entries = COLORS.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as PictureColors;
}

/** The picture as a file of its own: SVG without style sheet, script or anything that is fetched. */
export function pictureSvg({ scene, layout }: LaidOut, colors: PictureColors): string {
  const bounds = boundsOf(layout.boxes.values(), BOX, 32);
  const lines = scene.lines.map((line) => {
    const way = layout.lines.get(line.id);
    if (!way) return '';
    const room = textWidth(line.words, 11) + 8;
    const { x, y } = way.words;
    return [
      `<path d="${pathOf(way.points)}" fill="none" stroke="${colors.control}" marker-end="url(#arrow)"/>`,
      `<rect x="${x - room / 2}" y="${y - 8}" width="${room}" height="16" fill="${colors.panel}"/>`,
      text(line.words, { x, y: y + 4, size: 11, fill: colors.muted, anchor: 'middle' }),
    ].join('');
  });
  const boxes = scene.boxes.map((box) => boxSvg(box, layout.boxes.get(box.id) ?? { x: 0, y: 0 }, colors));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${bounds.x} ${bounds.y} ${bounds.width} ${bounds.height}" width="${bounds.width}" height="${bounds.height}" font-family="Inter, system-ui, sans-serif">`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 .5 7.5 4 0 7.5z" fill="${colors.control}"/></marker></defs>`,
    `<rect x="${bounds.x}" y="${bounds.y}" width="${bounds.width}" height="${bounds.height}" fill="${colors.panel}"/>`,
    ...lines,
    ...boxes,
    '</svg>\n',
  ].join('\n');
}

function boxSvg(box: Box, { x, y }: { readonly x: number; readonly y: number }, colors: PictureColors): string {
  const { title, sub, entity, isRoot } = box;
  const [left, top] = [-BOX.width / 2, -BOX.height / 2];
  const isBroken = !entity || !entity.exists;
  const problems = entity ? problemWords(entity) : undefined;
  const worse = entity?.problems.errors ? colors.degraded : colors.stale;
  const shape = kindShape(kindOf(box));
  const frame = `<rect x="${left}" y="${top}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${colors.panel}" stroke="${isRoot ? colors.accent : colors.control}" stroke-width="${isRoot ? 2 : 1}"${isBroken ? ' stroke-dasharray="4 3"' : ''}/>`;
  return [
    `<g transform="translate(${x} ${y})"><title>${escaped(box.id)}</title>`,
    frame,
    shape === undefined
      ? ''
      : `<path d="${shape}" transform="translate(${left + 10} ${top + 9})" fill="none" stroke="${colors.muted}" stroke-width="1.3"/>`,
    text(fitted(title, BOX.width - 44, 13, 550), { x: left + 34, y: -3, size: 13, fill: colors.text, weight: 550 }),
    problems === undefined
      ? text(fitted(sub, BOX.width - 44, 11), { x: left + 34, y: 13, size: 11, fill: colors.muted })
      : text(fitted(`${entity?.problems.errors ? '▲' : '◆'} ${problems}`, BOX.width - 44, 11), {
          x: left + 34,
          y: 13,
          size: 11,
          fill: worse,
        }),
    '</g>',
  ].join('');
}

function text(
  words: string,
  at: {
    readonly x: number;
    readonly y: number;
    readonly size: number;
    readonly fill: string;
    readonly weight?: number;
    readonly anchor?: 'middle';
  },
): string {
  const { x, y, size, fill, weight = 400, anchor = 'start' } = at;
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  // oxlint-disable-next-line no-control-regex -- XML has no place for them
  const plain = words.replace(/[\u0000-\u001f]/g, ' ');
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The picture as Mermaid text. */
export function pictureMermaid({ boxes, lines }: Scene): string {
  const graph: TextGraph = {
    nodes: boxes.map(({ id, title, sub, entity }) => ({ id, lines: [title, sub], isBroken: !entity?.exists })),
    edges: lines.flatMap(({ from, to, types }) => types.map(({ type, count }) => ({ from, to, type, count }))),
  };
  return mermaidText(graph);
}

/** Hands a text over as a file. */
export function download(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
