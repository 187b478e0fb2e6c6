// Runs before the first paint; a file of its own because the content security policy refuses inline scripts.
(function () {
  // Schemas must not probe for `new Function`, which the policy refuses with a report in the console.
  globalThis.__zod_globalConfig = { jitless: true };
  var chosen = null;
  try {
    chosen = localStorage.getItem('ensemble-color-scheme');
  } catch {
    // Storage may be blocked; the system's preference decides then.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
