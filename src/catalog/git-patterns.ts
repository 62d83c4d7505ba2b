import { patternOf } from '../git/git-mirror.ts';
import { hasDescriptorName } from './descriptor-search.ts';

/** Files that a search opens, whatever the case of their names; see `hasDescriptorName`. */
const SEARCHED = ['*.[yY][aA][mM][lL]', '*.[yY][mM][lL]', '*.[jJ][sS][oO][nN]'] as const;

/** The files of a folder that a search opens, as lines of a .gitignore. @param folder `''`: the whole repository */
export function searchPatterns(folder: string): readonly string[] {
  return folder === '' ? SEARCHED : SEARCHED.map((name) => `${patternOf(folder)}/**/${name}`);
}

/**
 * The files of a repository that the path of a location can mean: so many are fetched and no more.
 * @param path file, folder or glob, from the top of the repository
 */
export function patternsOf(path: string): readonly string[] {
  // Git and picomatch agree on stars; of other glob characters only picomatch makes something.
  if (path.includes('*'))
    return /[?{}()[\]!+@\\]/.test(path) ? searchPatterns(fixedPart(path)) : [`/${path.replaceAll(' ', '\\ ')}`];
  if (path === '' || hasDescriptorName(path)) return path === '' ? searchPatterns('') : [patternOf(path)];
  // A file or a folder: as a folder, not all of it.
  return [patternOf(path), `!${patternOf(path)}/`, ...searchPatterns(path)];
}

/** The folders before the first part with a glob character. */
function fixedPart(path: string): string {
  const parts = path.split('/');
  return parts
    .slice(
      0,
      parts.findIndex((part) => /[*?{}()[\]!+@\\]/.test(part)),
    )
    .join('/');
}
