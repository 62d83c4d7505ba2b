// Loaded before the first paint, so that a chosen theme never flashes. Without a choice the system's theme holds.
try {
  const theme = localStorage.getItem('callboard.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's theme it is.
  delete document.documentElement.dataset.theme;
}
