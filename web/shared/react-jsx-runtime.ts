// What compiled JSX of a plugin calls.
// Named one by one: the package is CommonJS, whose names a browser cannot see.
export { Fragment, jsx, jsxs } from 'react/jsx-runtime';
// oxlint-disable-next-line import/no-default-export -- `import React from 'react'` is how many pages are written
export { default } from 'react/jsx-runtime';
