import type { FindItem } from '../../src/api/find.ts';
import {
  type FieldText,
  fieldText,
  type FindField,
  type FindMatch,
  findRank,
  type FindQuestion,
  matchTexts,
} from '../../src/model/find-match.ts';
import { foldText } from '../../src/model/folded-text.ts';
import { parseEntityRef } from '../../src/model/ref.ts';

/** The groups of the palette, in the order they are shown. */
export const GROUPS = {
  focused: 'Here',
  recent: 'Recent',
  starred: 'Starred',
  catalog: 'Catalog',
  people: 'People and teams',
  tags: 'Tags',
  kinds: 'Kinds',
  pages: 'Pages',
  views: 'Saved views',
  actions: 'Actions',
  help: 'Prefixes',
  more: 'More',
} as const;

/** One of the groups. */
export type PaletteGroup = keyof typeof GROUPS;

/** Rows of a group. */
export const GROUP_ROWS = 8;

/** An entity as the palette knows it: of the server, or of what this browser shows. */
export type KnownEntity = Pick<FindItem, 'ref' | 'kind' | 'name'> & Partial<FindItem>;

/** One thing in the palette. */
export interface PaletteItem {
  /** Unique, the same for the same thing: `entity component:default/desk`. */
  readonly id: string;
  readonly group: PaletteGroup;
  readonly label: string;
  /** Faint beside the label: another name, or what it acts on. */
  readonly note?: string | undefined;
  /** Faint at the end: type, owner, keys. */
  readonly meta?: string | undefined;
  readonly keys?: string | undefined;
  /** Stands in front, instead of the sign of its group. */
  readonly sign?: string | undefined;
  readonly entity?: KnownEntity | undefined;
  /** Path in the web interface that it leads to. */
  readonly to?: string | undefined;
  /** What it types instead of leading anywhere, such as `#java `. */
  readonly typed?: string | undefined;
  readonly run?: (() => unknown) | undefined;
  readonly disabledReason?: string | undefined;
  /** What it can be found by. */
  readonly texts: readonly FieldText[];
  /** True for what was visited or starred here: among equal matches it is what is meant. */
  readonly isFamiliar?: boolean | undefined;
}

/** An item as it answers what was typed. */
export interface PaletteRow {
  readonly item: PaletteItem;
  /** Absent where nothing was typed. */
  readonly match: FindMatch | undefined;
}

/** The path of an entity's page. */
export function entityPath(ref: string, view?: string): string {
  const parts = parseEntityRef(ref);
  if (!parts) return '/catalog';
  const path = [parts.kind, parts.namespace, parts.name].map(encodeURIComponent).join('/');
  return `/catalog/${path}${view === undefined ? '' : `?view=${view}`}`;
}

/** The item of an entity. */
export function entityItem(
  entity: KnownEntity,
  { group, isFamiliar }: Partial<Pick<PaletteItem, 'group' | 'isFamiliar'>> = {},
): PaletteItem {
  const { ref, kind, name, namespace = 'default', title, description, type, owner, lifecycle } = entity;
  const isPerson = /^(user|group)$/i.test(kind);
  const place = namespace === 'default' ? name : `${namespace}/${name}`;
  const told: readonly (readonly [FindField, string | undefined])[] = [
    ['name', name],
    ['title', title],
    ['description', description],
    ['tag', entity.match?.field === 'tag' ? entity.match.text : undefined],
    ['email', entity.match?.field === 'email' ? entity.match.text : undefined],
    ['displayName', entity.match?.field === 'displayName' ? entity.match.text : undefined],
  ];
  return {
    id: `entity ${ref}`,
    group: group ?? (isPerson ? 'people' : 'catalog'),
    label: title ?? place,
    note: title === undefined || (isSameWords(title, name) && place === name) ? undefined : place,
    meta: [type ?? kind.toLowerCase(), ownerName(owner), lifecycle === 'production' ? undefined : lifecycle]
      .filter((part) => part !== undefined)
      .join(' · '),
    entity,
    to: entityPath(ref),
    isFamiliar,
    texts: told.flatMap(([field, text]) => (text === undefined ? [] : fieldText(field, text))),
  };
}

/** True where a title says no more than the name: `Ticket desk` for `ticket-desk`. */
function isSameWords(title: string, name: string): boolean {
  return foldText(title) === foldText(name);
}

function ownerName(owner: string | undefined): string | undefined {
  return owner === undefined ? undefined : parseEntityRef(owner)?.name;
}

/** Texts of what has a name and perhaps other words that mean it. */
export function callingTexts(name: string, words = ''): readonly FieldText[] {
  return words === '' ? [fieldText('name', name)] : [fieldText('name', name), fieldText('title', words)];
}

/**
 * The items that answer a question, the best first; items are in their order where they answer equally well.
 */
export function matchItems(items: readonly PaletteItem[], question: FindQuestion): readonly PaletteRow[] {
  if (question.words.length === 0) return items.map((item) => ({ item, match: undefined }));
  const rows = items.flatMap((item) => {
    const match = matchTexts(item.texts, question);
    return match ? { item, match } : [];
  });
  return rows.sort((left, right) => orderOf(right) - orderOf(left));
}

/** As the server orders them, but for what is familiar here: kind of match, lifecycle, then short names. */
function orderOf({ item: { entity, isFamiliar }, match }: PaletteRow): number {
  const lifecycle = entity?.lifecycle === 'production' ? 1 : entity?.lifecycle === 'deprecated' ? -4 : 0;
  const nameLength = Math.min(entity?.name.length ?? 0, 255);
  return (match ? findRank[match.kind] : 0) * 10_000 + (isFamiliar === true ? 5_000 : 0) + lifecycle * 256 - nameLength;
}
