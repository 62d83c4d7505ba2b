// @vitest-environment node
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import * as reactDomClient from './react-dom-client.ts';
import * as reactDom from './react-dom.ts';
import * as jsxRuntime from './react-jsx-runtime.ts';
import * as react from './react.ts';

/** The names of a package as a browser gets it: its production build. */
function productionNames(specifier: string): readonly string[] {
  const script = `console.log(JSON.stringify(Object.keys(require(${JSON.stringify(specifier)}))))`;
  const output = execFileSync(process.execPath, ['-e', script], { env: { NODE_ENV: 'production' }, encoding: 'utf8' });
  return JSON.parse(output) as readonly string[];
}

const modules = {
  react,
  'react/jsx-runtime': jsxRuntime,
  'react-dom': reactDom,
  'react-dom/client': reactDomClient,
};

test.each(Object.entries(modules))('every public name of %s is there for plugins', (specifier, module) => {
  const wanted = productionNames(specifier).filter((name) => !/^(__|unstable_)/.test(name));
  const offered = Object.keys(module);
  expect(wanted.filter((name) => !offered.includes(name) && name !== 'version')).toEqual([]);
  expect(offered).toContain('default');
});
