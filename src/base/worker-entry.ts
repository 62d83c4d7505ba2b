/**
 * The URL of a worker's module beside the calling module. In a clone modules are `.ts`, in the package `.js`; a worker
 * must be started from the same form as its parent.
 *
 * @param parent `import.meta.url` of the calling module
 * @param name file name of the worker without its extension
 * @example new Worker(workerEntry(import.meta.url, 'store-worker'))
 */
export function workerEntry(parent: string, name: string): URL {
  const extension = new URL(parent).pathname.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}.${extension}`, parent);
}
