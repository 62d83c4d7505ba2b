import picomatch from 'picomatch';

/** Tests names of clusters by globs. Names may hold slashes, as those of AWS do: `*` stands for these too. */
export function nameMatcher(globs: readonly string[]): (name: string) => boolean {
  return picomatch([...globs], { bash: true, dot: true });
}
