import type { PalettePrefix } from './palette-state.ts';

/** What a text in the palette means. */
export type PaletteQuestion =
  /** Everything: entities, pages, actions. */
  | { readonly kind: 'all'; readonly text: string }
  | { readonly kind: 'actions'; readonly text: string }
  | { readonly kind: 'people'; readonly text: string }
  /** Which tags there are; with `tag` the entities that have it. */
  | { readonly kind: 'tags'; readonly text: string; readonly tag?: string }
  /** Which kinds there are; with `of` the entities of that kind. */
  | { readonly kind: 'kinds'; readonly text: string; readonly of?: string }
  | { readonly kind: 'help'; readonly text: string };

/** The prefixes, with what they are for. */
export const PREFIXES: readonly {
  readonly prefix: Exclude<PalettePrefix, ''>;
  readonly title: string;
  readonly example: string;
}[] = [
  { prefix: '>', title: 'Do something', example: '>theme' },
  { prefix: '@', title: 'People and teams', example: '@ada' },
  { prefix: '#', title: 'Tags, and what has them', example: '#java pay' },
  { prefix: ':', title: 'Kinds, and what is of them', example: ':api pay' },
  { prefix: '?', title: 'What can be typed here', example: '?' },
];

/** Longest text that the server takes. */
const LONGEST_TEXT = 200;

/** Reads what was typed: a prefix narrows it; after a tag or kind and a space, entities are meant. */
export function readQuestion(typed: string): PaletteQuestion {
  const rest = typed.slice(1).trimStart().slice(0, LONGEST_TEXT);
  const space = rest.indexOf(' ');
  const [word, text] = space === -1 ? [undefined, rest] : [rest.slice(0, space), rest.slice(space + 1).trim()];
  switch (typed.charAt(0)) {
    case '>':
      return { kind: 'actions', text: rest };
    case '@':
      return { kind: 'people', text: rest };
    case '#':
      return word === undefined ? { kind: 'tags', text } : { kind: 'tags', text, tag: word };
    case ':':
      return word === undefined ? { kind: 'kinds', text } : { kind: 'kinds', text, of: word };
    case '?':
      return { kind: 'help', text: rest };
    default:
      return { kind: 'all', text: typed.trim().slice(0, LONGEST_TEXT) };
  }
}

/** What the server is asked for entities; nothing where none are meant. */
export interface FindAsk {
  readonly q: string;
  readonly kind?: string[];
  readonly search?: string;
}

/** What to ask the server for a question; an empty text asks for nothing but a narrowed list. */
export function findAsk(question: PaletteQuestion): FindAsk | undefined {
  const { text } = question;
  switch (question.kind) {
    case 'all':
      return text === '' ? undefined : { q: text };
    case 'people':
      return { q: text, kind: ['user', 'group'] };
    case 'tags':
      return question.tag === undefined ? undefined : { q: text, search: `tag:"${question.tag.replaceAll('"', '')}"` };
    case 'kinds':
      return question.of === undefined ? undefined : { q: text, kind: [question.of.slice(0, 63)] };
    default:
      return undefined;
  }
}
