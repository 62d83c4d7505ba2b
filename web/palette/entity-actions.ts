import type { Ui } from '../../src/api/ui.ts';
import { parseEntityRef } from '../../src/model/ref.ts';
import { describeFailure } from '../data/failure.ts';
import { api } from '../data/session.ts';
import type { Starred } from '../data/starred.ts';
import { isAble } from '../data/use-ui.ts';
import { copyText } from './clipboard.ts';
import { callingTexts, entityPath, type KnownEntity, type PaletteItem } from './palette-item.ts';

/** What the actions of an entity take. */
export interface EntityActionsContext {
  readonly ui: Ui | undefined;
  readonly starred: Starred;
}

type Act = Pick<PaletteItem, 'id' | 'label'> & Partial<PaletteItem> & { readonly words?: string };

/** What can be done with an entity, wherever it is shown. */
export function entityActions(entity: KnownEntity, { ui, starred }: EntityActionsContext): readonly PaletteItem[] {
  const { ref, owner } = entity;
  const isStarred = starred.has(ref);
  const mayRefresh = isAble(ui, 'catalog.entity.refresh');
  const acts: readonly (Act | undefined)[] = [
    { id: 'open', label: 'Open', to: entityPath(ref), words: 'show page' },
    owner === undefined
      ? undefined
      : {
          id: 'owner',
          label: 'Open its owner',
          note: parseEntityRef(owner)?.name,
          to: entityPath(owner),
          words: 'team',
        },
    { id: 'relations', label: 'Show all relations', to: entityPath(ref, 'relations'), words: 'depends on' },
    { id: 'graph', label: 'Show in the graph', to: `/graph?root=${encodeURIComponent(ref)}` },
    { id: 'history', label: 'Show the history', to: entityPath(ref, 'history'), words: 'changes' },
    { id: 'descriptor', label: 'Show the descriptor', to: entityPath(ref, 'descriptor'), words: 'yaml json' },
    {
      id: 'star',
      label: isStarred ? 'Take the star off' : 'Star it',
      run: () => starred.toggle(ref).then((failure) => failure?.title ?? (isStarred ? 'Star taken off' : 'Starred')),
      ...(!starred.isKnown && { disabledReason: 'What is starred is not known yet.' }),
    },
    { id: 'copyLink', label: 'Copy the link', run: () => copyText(new URL(entityPath(ref), location.href).href) },
    { id: 'copyRef', label: 'Copy the ref', note: ref, run: () => copyText(ref) },
    {
      id: 'refresh',
      label: 'Read its source again',
      run: () => refresh(ref),
      words: 'refresh',
      ...(!mayRefresh && { disabledReason: 'It needs the permission catalog.entity.refresh.' }),
    },
  ];
  return acts
    .filter((act) => act !== undefined)
    .map(({ words = '', ...act }) => ({
      ...act,
      id: `act ${act.id} ${ref}`,
      group: 'focused',
      texts: callingTexts(act.label, words),
    }));
}

async function refresh(entityRef: string): Promise<string> {
  try {
    const { changes, failures } = await api.call('POST /api/v1/sources/refresh', { body: { entityRef } });
    const [failure] = failures;
    if (failure) return failure.error;
    return changes.length === 0 ? 'Read again: nothing changed' : `Read again: ${changes.length} changed`;
  } catch (thrown) {
    return describeFailure(thrown, 'You may not do this.').title;
  }
}
