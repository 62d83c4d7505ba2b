/** Copies a text. @returns what came of it, in a few words */
export async function copyText(text: string): Promise<string> {
  // Browsers have no clipboard on plain http beyond localhost.
  const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('No clipboard'));
  return written.then(
    () => 'Copied',
    () => 'The browser does not allow to copy',
  );
}
