import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const css = read('tokens.css');

type Scheme = 'light' | 'dark';

/** The colours of a block of tokens, as one scheme has them. */
function colorsOf(selector: string, scheme: Scheme): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  const pairs = block.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g);
  return new Map([...pairs].map(([, name = '', light = '', dark = '']) => [name, scheme === 'light' ? light : dark]));
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours as WCAG 2.2 has it: 1 to 21. */
function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const texts = ['text', 'muted', 'faint', 'accent', 'healthy', 'degraded', 'stale', 'unknown'];
const grounds = ['bg', 'panel', 'sunken'];
const looks = [
  [':root', 'light', 4.5, ['control'], 3],
  [':root', 'dark', 4.5, ['control'], 3],
  [":root[data-contrast='more']", 'light', 7, ['control', 'line', 'line-strong'], 3],
  [":root[data-contrast='more']", 'dark', 7, ['control', 'line', 'line-strong'], 3],
] as const;

describe.each(looks)('%s, %s', (selector, scheme, textContrast, borders, borderContrast) => {
  const colors = colorsOf(selector, scheme);
  const of = (name: string): string => {
    const color = colors.get(name);
    if (color === undefined) throw new Error(`No token --${name}`);
    return color;
  };

  /** Pairs that do not reach the contrast. */
  function tooLow(names: readonly string[], on: readonly string[], least: number): string[] {
    return names.flatMap((name) =>
      on.filter((ground) => contrast(of(name), of(ground)) < least).map((ground) => `${name} on ${ground}`),
    );
  }

  test('every text can be read on every ground', () => {
    expect(tooLow(texts, grounds, textContrast)).toEqual([]);
    expect(tooLow(['on-accent'], ['accent'], textContrast)).toEqual([]);
    for (const state of ['healthy', 'degraded', 'stale', 'unknown', 'accent'])
      expect(tooLow([state], [`${state}-soft`], textContrast)).toEqual([]);
  });

  test('borders that mean something can be seen', () => {
    expect(tooLow(borders, grounds, borderContrast)).toEqual([]);
  });
});

test('the frame of the browser has the ground of the head', () => {
  const script = read('../public/theme.js');
  const panel = (selector: string, scheme: Scheme): string => colorsOf(selector, scheme).get('panel') ?? 'none';
  const more = ":root[data-contrast='more']";
  expect(script).toContain(
    `{ light: '${panel(':root', 'light')}', dark: '${panel(':root', 'dark')}', ` +
      `contrastLight: '${panel(more, 'light')}', contrastDark: '${panel(more, 'dark')}' }`,
  );
});
