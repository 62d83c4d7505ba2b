import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router.tsx';
import { live, signIn } from './data/session.ts';
import { listenToKeys } from './ui/shortcuts.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/star.css';
import './styles/table.css';
import './styles/palette.css';
import './styles/home.css';
import './styles/catalog.css';
import './styles/entity.css';
import './styles/apis.css';
import './styles/graph.css';
import './styles/problems.css';
import './styles/clusters.css';
import './styles/timeline.css';
import './styles/evacuation.css';
import './styles/incidents.css';
import './styles/unowned.css';
import './styles/running.css';
import './styles/running-pane.css';
import './styles/fleet-search.css';
import './styles/account.css';
import './styles/form.css';
import './styles/access.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');
addEventListener('online', () => live.retryNow());
addEventListener('offline', () => live.doubt());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return;
  live.retryNow();
  void signIn.check();
});
// Another window beside this one hides nothing, yet the sign-in may have happened there.
addEventListener('focus', () => void signIn.check());
listenToKeys();
createRoot(root).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
