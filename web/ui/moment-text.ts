/** The moment in the reader's own zone and language, to the second. `at` is ms since the epoch. */
export function momentText(at: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}
