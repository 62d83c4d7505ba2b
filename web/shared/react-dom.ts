// react-dom for pages of plugins: portals, flushSync.
// Named one by one: the package is CommonJS, whose names a browser cannot see.
export {
  browser,
  createPortal,
  flushSync,
  preconnect,
  prefetchDNS,
  preinit,
  preinitModule,
  preload,
  preloadModule,
  requestFormReset,
  useFormState,
  useFormStatus,
  version,
} from 'react-dom';
// oxlint-disable-next-line import/no-default-export -- `import React from 'react'` is how many pages are written
export { default } from 'react-dom';
