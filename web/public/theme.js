// Loaded before the first paint, so that a chosen theme never flashes; it also paints every later choice. Without a choice
// the system's theme holds, and its wish for more contrast.
(() => {
  const root = document.documentElement;
  const isDark = matchMedia('(prefers-color-scheme: dark)');
  const isMore = matchMedia('(prefers-contrast: more)');
  // The ground of the head (--panel in tokens.css), for the browser's own frame.
  const grounds = { light: '#ffffff', dark: '#191b1f', contrastLight: '#ffffff', contrastDark: '#000000' };

  const recall = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      // Storage is forbidden: nothing was chosen.
      return null;
    }
  };

  const paint = (chosen) => {
    const theme = ['light', 'dark', 'contrast'].includes(chosen) ? chosen : 'system';
    const isContrast = theme === 'contrast' || (theme === 'system' && isMore.matches);
    const scheme = theme === 'light' || theme === 'dark' ? theme : isDark.matches ? 'dark' : 'light';
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.dataset.contrast = isContrast ? 'more' : 'usual';
    const ground = isContrast ? (scheme === 'dark' ? 'contrastDark' : 'contrastLight') : scheme;
    document.querySelector('meta[name="theme-color"]').content = grounds[ground];
  };

  const repaint = () => paint(recall('callboard.theme'));
  repaint();
  isDark.addEventListener('change', repaint);
  isMore.addEventListener('change', repaint);
  addEventListener('callboard:theme', (event) => paint(event.detail));
  addEventListener('storage', (event) => event.key === 'callboard.theme' && repaint());
  if (recall('callboard.navigation') === 'icons') root.dataset.navigation = 'icons';
})();
