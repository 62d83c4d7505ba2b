/** A relation's type in words: `ownedBy` is `Owned by`, `providesApi` is `Provides API`. */
export function relationText(type: string): string {
  const words = type.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\bapi\b/gi, 'API');
}
