import { useMemo } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { fieldText } from '../../src/model/find-match.ts';
import { parseEntityRef } from '../../src/model/ref.ts';
import { placesOf } from '../app/places.ts';
import { chooseTheme, THEMES, themeTitles } from '../app/theme.ts';
import { useRecent } from '../data/recent.ts';
import { useSavedViews } from '../data/saved-views.ts';
import { api } from '../data/session.ts';
import { useStarred } from '../data/starred.ts';
import { isAble } from '../data/use-ui.ts';
import { runShortcut } from '../ui/shortcuts.ts';
import { type ActionSet, useFocusedActions } from './actions.ts';
import { copyText } from './clipboard.ts';
import { knownEntities } from './known-entities.ts';
import { callingTexts, entityItem, type KnownEntity, type PaletteItem } from './palette-item.ts';

/** Everything that is known without asking the server. */
export interface LocalItems {
  readonly recent: readonly PaletteItem[];
  readonly starred: readonly PaletteItem[];
  /** Recent, starred, linked on the page, and told by the server before; each once. */
  readonly entities: readonly PaletteItem[];
  readonly pages: readonly PaletteItem[];
  readonly views: readonly PaletteItem[];
  /** What can be done with what has the focus, then what can be done anywhere. */
  readonly actions: readonly PaletteItem[];
  readonly focused: readonly PaletteItem[];
}

/** Links of the page that are looked at. */
const MOST_LINKS = 300;

/** What the palette can show at once. @param opening changes when the palette opens anew */
export function useLocalItems(ui: Ui | undefined, opening: number): LocalItems {
  const recent = useRecent();
  const { refs } = useStarred();
  const { views } = useSavedViews('catalog');
  const focusedSet = useFocusedActions();
  const { version } = knownEntities;
  const entities = useMemo((): Pick<LocalItems, 'recent' | 'starred' | 'entities'> => {
    const visited = recent.map((visit): KnownEntity => ({ ...namedBy(visit.ref), ...titled(visit), kind: visit.kind }));
    const stars = refs.map(namedBy);
    const familiar = new Set([...visited, ...stars].map(({ ref }) => ref));
    const all = new Map(
      [...visited, ...stars, ...linkedEntities(), ...knownEntities.all()]
        .toReversed()
        .map((known) => [known.ref, known]),
    );
    // What the server told is the fullest.
    const fullest = (known: KnownEntity): KnownEntity => ({
      ...known,
      ...all.get(known.ref),
      ...knownEntities.get(known.ref),
    });
    return {
      recent: visited.map((known) => entityItem(fullest(known), { group: 'recent' })),
      starred: stars.map((known) => entityItem(fullest(known), { group: 'starred' })),
      entities: [...all.values()].map((known) => entityItem(fullest(known), { isFamiliar: familiar.has(known.ref) })),
    };
    // Opening anew looks at the page again; what the server told since the last look is new, too.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [recent, refs, opening, version]);
  return useMemo(() => {
    const focused = focusedItems(focusedSet);
    return {
      ...entities,
      focused,
      pages: pageItems(ui),
      views: views.map(({ id, page, title, search, group }) => ({
        id: `view ${id}`,
        group: 'views',
        label: title,
        note: group === undefined ? undefined : parseEntityRef(group)?.name,
        to: `/${page}?${search}`,
        texts: callingTexts(title),
      })),
      actions: [...focused, ...globalActions(ui)],
    };
  }, [entities, focusedSet, ui, views]);
}

function namedBy(ref: string): KnownEntity {
  const { kind = '', namespace = '', name = ref } = parseEntityRef(ref) ?? {};
  return { ref, kind, namespace, name };
}

function titled({ ref, title }: { readonly ref: string; readonly title: string }): { readonly title?: string } {
  return title === namedBy(ref).name ? {} : { title };
}

/** The entities that the page behind the palette links to. */
function linkedEntities(): readonly KnownEntity[] {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('#content a[href^="/catalog/"]')].slice(0, MOST_LINKS);
  return links.flatMap((link) => {
    const [, , kind, namespace, name, ...others] = link.pathname.split('/').map(decodeURIComponent);
    if (!kind || !namespace || !name || others.length > 0) return [];
    return { ref: `${kind}:${namespace}/${name}`.toLowerCase(), kind, namespace, name };
  });
}

function focusedItems({ subject, actions }: ActionSet): readonly PaletteItem[] {
  return actions.map(({ id, title, keys, run, disabledReason }) => ({
    id: `action ${id}`,
    group: 'focused',
    label: title,
    note: subject,
    keys,
    run,
    disabledReason,
    texts: callingTexts(title),
  }));
}

function pageItems(ui: Ui | undefined): readonly PaletteItem[] {
  const places = placesOf(ui).flatMap(({ title: group, places: own }) => own.map((place) => ({ ...place, group })));
  const others = [{ to: '/settings', title: 'Settings', group: undefined }];
  if (isAble(ui, 'catalog.location.create'))
    others.push({ to: '/sources/register', title: 'Register a location', group: undefined });
  return [...places, ...others].map(({ to, title, group }) => ({
    id: `page ${to}`,
    group: 'pages',
    label: title,
    note: group,
    to,
    texts: [fieldText('name', title), ...(group === undefined ? [] : [fieldText('description', group)])],
  }));
}

function globalActions(ui: Ui | undefined): readonly PaletteItem[] {
  const act = (id: string, label: string, run: () => unknown, words = ''): PaletteItem => ({
    id: `action ${id}`,
    group: 'actions',
    label,
    run,
    texts: callingTexts(label, words),
  });
  const actions = [
    act('link.copy', 'Copy the link of this page', () => copyText(location.href), 'url address'),
    act('help.open', 'Show the keys', () => afterClosing(() => runShortcut('help.open')), 'keyboard shortcuts help'),
    act('api', 'Open the API reference', () => void open('/api/docs', '_blank', 'noopener'), 'openapi swagger'),
  ];
  for (const theme of THEMES) {
    actions.push(
      act(`theme.${theme}`, `Theme: ${themeTitles[theme].toLowerCase()}`, () => chooseTheme(theme), 'colours mode'),
    );
  }
  if (ui?.principal.kind === 'user') actions.push(act('signOut', 'Sign out', signOut, 'log out leave'));
  return actions;
}

/** What opens something itself must wait until the palette is gone. */
function afterClosing(run: () => unknown): undefined {
  setTimeout(run);
  return undefined;
}

async function signOut(): Promise<void> {
  const { next } = await api.call('POST /api/v1/account/sign-out', { body: {} });
  location.assign(next ?? '/sign-in');
}
