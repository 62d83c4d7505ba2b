import { useRouter } from '@tanstack/react-router';
import { useShortcut, type ShortcutId } from '../ui/shortcuts.ts';

/** The keys that work on every page: to the places, and to the search of the page. */
export function usePlaceKeys(): void {
  useGo('go.home', '/');
  useGo('go.catalog', '/catalog');
  useGo('go.clusters', '/clusters');
  useGo('go.graph', '/graph');
  useGo('go.problems', '/problems');
  useGo('go.sources', '/sources');
  useGo('go.access', '/access');
  useGo('go.audit', '/audit');
  const router = useRouter();
  useShortcut('search.focus', () => {
    const search = document.querySelector<HTMLInputElement>('[data-search]');
    if (search) search.focus();
    else void router.navigate({ to: '/catalog' });
  });
}

function useGo(id: ShortcutId, to: string): void {
  const router = useRouter();
  useShortcut(id, () => void router.navigate({ to }));
}
