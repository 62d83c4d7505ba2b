import { failure } from './errors.ts';
import { FileSource } from './file-source.ts';
import type { CatalogSource, SourceRoot } from './source.ts';

/** Makes the source that reads a root. @throws SOURCE_UNREADABLE where nothing reads locations of its type */
export function openSource(root: SourceRoot): CatalogSource {
  const type = root.location.slice(0, root.location.indexOf(':'));
  if (type === 'file') return new FileSource(root);
  throw failure('SOURCE_UNREADABLE', { target: root.location, reason: `nothing reads locations of type ${type}` });
}
