// react-dom/client, for completeness: a page of a plugin makes no root of its own.
// Named one by one: the package is CommonJS, whose names a browser cannot see.
export { createRoot, hydrateRoot } from 'react-dom/client';
// oxlint-disable-next-line import/no-default-export -- `import React from 'react'` is how many pages are written
export { default } from 'react-dom/client';
