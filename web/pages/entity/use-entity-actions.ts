import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf, parseEntityRef } from '../../../src/model/ref.ts';
import { describeFailure } from '../../data/failure.ts';
import { api, resources } from '../../data/session.ts';
import { useStarred } from '../../data/starred.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { usePageActions, type PageAction } from '../../palette/actions.ts';
import { useKeysOf, useShortcut } from '../../ui/shortcuts.ts';
import { graphLink } from '../graph/graph-search.ts';
import { SOURCES } from '../sources/use-refresh.ts';
import { countText } from './count-text.ts';
import { entityLinks } from './entity-links.ts';
import type { EntityView } from './entity-search.ts';

const SHOWN_MS = 4000;

/** What can be done with an entity, as it is now; each answers what came of it in a few words, or nothing. */
interface EntityActs {
  copyRef(): Promise<string>;
  copyLink(): Promise<string>;
  star(): Promise<string>;
  refresh(): Promise<string>;
  show(view: EntityView): void;
  showGraph(): void;
}

/**
 * Offers what can be done with an entity under `.` and in the palette, and its keys on the page.
 * @returns what came of the last one, in a few words, for a while
 */
export function useEntityActions(entity: RenderedEntity): string | undefined {
  const acts = useActs(entity);
  const [outcome, tell] = useOutcome();
  // The list stays the same while the page is drawn anew; what it does is always the newest.
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  useShortcut('link.copy', () => void acts.copyLink().then(tell));
  useShortcut('star.toggle', () => void acts.star().then(tell));
  const { data: ui } = useUi();
  const mayRefresh = isAble(ui, 'catalog.entity.refresh');
  const linkKeys = useKeysOf('link.copy');
  const starKeys = useKeysOf('star.toggle');
  const actions = useMemo(
    (): readonly PageAction[] => [
      { id: 'entity.copyRef', title: 'Copy the ref', run: () => latest.current.copyRef().then(tell) },
      {
        id: 'entity.copyLink',
        title: 'Copy the link',
        keys: linkKeys,
        run: () => latest.current.copyLink().then(tell),
      },
      {
        id: 'entity.star',
        title: 'Star, or take the star off',
        keys: starKeys,
        run: () => latest.current.star().then(tell),
      },
      {
        id: 'entity.refresh',
        title: 'Read its source again',
        disabledReason: mayRefresh ? undefined : 'It needs the permission catalog.entity.refresh.',
        run: () => latest.current.refresh().then(tell),
      },
      { id: 'entity.relations', title: 'Show all relations', run: () => latest.current.show('relations') },
      { id: 'entity.graph', title: 'Show in the graph', run: () => latest.current.showGraph() },
      { id: 'entity.history', title: 'Show the history', run: () => latest.current.show('history') },
      { id: 'entity.descriptor', title: 'Show the descriptor', run: () => latest.current.show('descriptor') },
      ...linkActions(entity),
    ],
    [entity, mayRefresh, tell, linkKeys, starKeys],
  );
  usePageActions(actions, entity.metadata.title ?? entity.metadata.name);
  return outcome;
}

function linkActions(entity: RenderedEntity): readonly PageAction[] {
  const links = entityLinks(entity).filter(({ isWeb }) => isWeb);
  return links.map(({ url, title }, at) => ({
    id: `entity.link.${at}`,
    title: `Open ${title}`,
    run: () => void open(url, '_blank', 'noopener,noreferrer'),
  }));
}

function useActs(entity: RenderedEntity): EntityActs {
  const ref = entityRefOf(entity);
  const starred = useStarred();
  const navigate = useNavigate();
  return {
    copyRef: () => copied(ref, 'Ref copied'),
    copyLink: () => copied(location.href, 'Link copied'),
    star: async () => {
      const isStarred = starred.has(ref);
      const failure = await starred.toggle(ref);
      return failure?.title ?? (isStarred ? 'Star taken off' : 'Starred');
    },
    refresh: () => refreshed(ref),
    show: (view) => {
      const params = parseEntityRef(ref);
      if (params) void navigate({ to: '/catalog/$kind/$namespace/$name', params, search: { view } });
    },
    showGraph: () => void navigate(graphLink(ref)),
  };
}

function useOutcome(): readonly [string | undefined, (text: string) => void] {
  const [outcome, setOutcome] = useState<{ readonly text: string } | undefined>();
  useEffect(() => {
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const tell = useMemo(() => (text: string) => setOutcome({ text }), []);
  return [outcome?.text, tell];
}

async function copied(text: string, words: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return words;
  } catch {
    // Browsers have no clipboard on plain http beyond localhost, and people may forbid it.
    return 'The browser does not allow to copy';
  }
}

async function refreshed(entityRef: string): Promise<string> {
  try {
    const { changes, failures } = await api.call('POST /api/v1/sources/refresh', { body: { entityRef } });
    // When it was looked at last is nothing that the stream tells.
    resources.repeat(SOURCES);
    const [failure] = failures;
    if (failure) return failure.error;
    return changes.length === 0 ? 'Read again: nothing changed' : `Read again: ${countText(changes.length, 'change')}`;
  } catch (thrown) {
    return describeFailure(thrown, 'You may not do this.').title;
  }
}
