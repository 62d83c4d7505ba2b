import { useMemo, useState } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { findRank, readFindQuestion } from '../../src/model/find-match.ts';
import { useStarred } from '../data/starred.ts';
import { isAble } from '../data/use-ui.ts';
import type { Failure } from '../ui/notice.tsx';
import { entityActions } from './entity-actions.ts';
import {
  callingTexts,
  entityItem,
  GROUP_ROWS,
  type KnownEntity,
  matchItems,
  type PaletteItem,
  type PaletteRow,
} from './palette-item.ts';
import { findAsk, PREFIXES, type PaletteQuestion, readQuestion } from './palette-question.ts';
import { inGroups, mergeRows } from './palette-rows.ts';
import { type Choices, useChoices } from './use-choices.ts';
import { type AnswerMemory, type Found, useFound } from './use-found.ts';
import { type LocalItems, useLocalItems } from './use-items.ts';

/** What the palette is about: everything, or what can be done with one thing. */
export type PaletteLayer =
  | { readonly kind: 'find' }
  | { readonly kind: 'subject'; readonly entity: KnownEntity | undefined; readonly hasPageActions: boolean };

/** What the palette was told. */
export interface PaletteInput {
  readonly ui: Ui | undefined;
  /** Counts openings. */
  readonly opening: number;
  readonly typed: string;
  readonly layer: PaletteLayer;
  /** Counts the tries of asking the server. */
  readonly attempt: number;
}

/** The rows, and how far they are. */
export interface PaletteRows {
  readonly rows: readonly PaletteRow[];
  /** Index of the highlighted row; -1: none yet. */
  readonly active: number;
  /** True while an answer is on its way that may bring rows. */
  readonly isWaiting: boolean;
  /** True where there are more than are shown. */
  readonly hasMore: boolean;
  readonly failure: Failure | undefined;
  /** The words that were looked for, folded. */
  readonly words: readonly string[];
}

/**
 * What the palette shows for a text: what is known here at once, what the server finds when it comes, without moving the row
 * that is highlighted.
 *
 * @param chosen the row that the person went to; absent: none yet
 * @param memory answers of this opening
 */
export function usePaletteRows(input: PaletteInput, chosen: number | undefined, memory: AnswerMemory): PaletteRows {
  const { ui, opening, typed, layer, attempt } = input;
  const isFinding = layer.kind === 'find';
  const question = useMemo(
    (): PaletteQuestion => (isFinding ? readQuestion(typed) : { kind: 'actions', text: typed.trim() }),
    [isFinding, typed],
  );
  const local = useLocalItems(ui, opening);
  const starred = useStarred();
  const mayFind = isFinding && isAble(ui, 'catalog.entity.read');
  const found = useFound(mayFind ? findAsk(question) : undefined, memory, attempt);
  const choices = useChoices(question);
  const wanted = useMemo(() => {
    const items = layer.kind === 'subject' ? subjectItems(layer, local, { ui, starred }) : undefined;
    return items
      ? matchItems(items, readFindQuestion(question.text))
      : inGroups(rowsOf(question, { local, choices, found }));
  }, [layer, local, ui, starred, question, choices, found]);
  const isWaiting = found.phase === 'waiting' || !choices.isKnown;
  const isNarrowing = found.phase === 'waiting' && found.isNarrowing;
  const key = `${opening} ${layer.kind} ${layer.kind === 'subject' ? (layer.entity?.ref ?? '') : ''} ${typed}`;
  const { rows, active } = useSteadyRows(key, wanted, {
    chosen,
    isWaiting,
    isNarrowing,
    isBlank: question.text === '',
  });
  return {
    rows,
    active,
    isWaiting,
    hasMore:
      (found.phase === 'answered' && (found.more || found.total > found.items.length)) ||
      (rows.length === GROUP_ROWS && choices.items.length > GROUP_ROWS),
    failure: found.phase === 'failed' ? found.failure : undefined,
    words: readFindQuestion(question.text).words,
  };
}

interface Held {
  readonly key: string;
  /** What was wanted, as text. */
  readonly wanted: string;
  readonly rows: readonly PaletteRow[];
  readonly active: number;
}

interface Standing {
  readonly chosen: number | undefined;
  readonly isWaiting: boolean;
  readonly isNarrowing: boolean;
  /** True where nothing was looked for yet: what is kept here comes a moment after the first paint. */
  readonly isBlank: boolean;
}

/** Rows that stay where they are down to the highlighted one, for as long as the question is the same. */
function useSteadyRows(
  key: string,
  wanted: readonly PaletteRow[],
  standing: Standing,
): { readonly rows: readonly PaletteRow[]; readonly active: number } {
  const [held, setHeld] = useState<Held>({ key: '', wanted: '', rows: [], active: -1 });
  const text = JSON.stringify(
    wanted.map(({ item: { id, group, label, note, meta, disabledReason } }) => [
      id,
      group,
      label,
      note,
      meta,
      disabledReason,
    ]),
  );
  const isSame = held.key === key;
  const fixed = standing.isBlank && standing.chosen === undefined ? -1 : held.active;
  const rows = !isSame ? wanted : held.wanted === text ? held.rows : mergeRows(held.rows, fixed, wanted);
  const active = Math.min(activeOf(rows, isSame ? held.active : -1, standing), rows.length - 1);
  if (!isSame || held.wanted !== text || held.active !== active) setHeld({ key, wanted: text, rows, active });
  return { rows, active };
}

/**
 * The highlighted row. Before the server answered it is the first one only where that is surely meant: what Enter opens is
 * never replaced under the finger, and never a guess.
 */
function activeOf(rows: readonly PaletteRow[], before: number, { chosen, isWaiting, isNarrowing }: Standing): number {
  if (chosen !== undefined) return chosen;
  if (before >= 0 || !isWaiting) return 0;
  const [first] = rows;
  if (first?.item.entity === undefined) return -1;
  const rank = first.match ? findRank[first.match.kind] : findRank.exact;
  const isSure =
    rank >= findRank.prefix ? first.item.isFamiliar === true || isNarrowing : isNarrowing && rank === findRank.word;
  return isSure ? 0 : -1;
}

interface Known {
  readonly local: LocalItems;
  readonly choices: Choices;
  readonly found: Found;
}

function subjectItems(
  { entity, hasPageActions }: Extract<PaletteLayer, { kind: 'subject' }>,
  local: LocalItems,
  context: Parameters<typeof entityActions>[1],
): readonly PaletteItem[] {
  // What they act on stands in front of the field.
  const offered = hasPageActions ? local.focused.map((item) => ({ ...item, note: undefined })) : [];
  return [...offered, ...(entity ? entityActions(entity, context) : [])];
}

function rowsOf(question: PaletteQuestion, { local, choices, found }: Known): readonly PaletteRow[] {
  const words = readFindQuestion(question.text);
  switch (question.kind) {
    case 'all': {
      if (words.words.length === 0) return matchItems([...local.recent, ...local.starred, ...local.pages], words);
      const others = [...local.pages, ...local.views, ...local.actions];
      const more = { item: searchItem(question.text), match: undefined };
      return [...entityRows(local.entities, found, question.text), ...matchItems(others, words), more];
    }
    case 'people': {
      const people = local.entities.filter(({ group }) => group === 'people');
      return entityRows(words.words.length === 0 ? [] : people, found, question.text);
    }
    case 'tags':
    case 'kinds': {
      const isNarrowed = question.kind === 'tags' ? question.tag !== undefined : question.of !== undefined;
      return isNarrowed ? entityRows([], found, question.text) : matchItems(choices.items, words);
    }
    case 'actions':
      return matchItems([...local.actions, ...local.views], words);
    case 'help':
      return matchItems(helpItems, words);
  }
}

/** Entities of the server in its order; until it answered, and beyond what it sent, those that are known here. */
function entityRows(known: readonly PaletteItem[], found: Found, text: string): readonly PaletteRow[] {
  const here = matchItems(known, readFindQuestion(text));
  if (found.phase !== 'answered') return here;
  const told = found.items.map((item) => ({ item: entityItem(item), match: item.match }));
  // Where the server sent all there is, what it did not send is gone.
  const isAll = !found.more && found.total <= found.items.length;
  return isAll ? told : [...told, ...here];
}

/** The list of everything that holds the words. */
function searchItem(text: string): PaletteItem {
  return {
    id: 'search',
    group: 'more',
    label: `Search the catalog for “${text}”`,
    to: `/catalog?q=${encodeURIComponent(text)}`,
    texts: [],
  };
}

const helpItems: readonly PaletteItem[] = PREFIXES.map(({ prefix, title, example }) => ({
  id: `help ${prefix}`,
  group: 'help',
  label: title,
  sign: prefix,
  meta: `as in ${example}`,
  typed: prefix,
  texts: callingTexts(title),
}));
