/** Types of relations in the order in which they are read: what it is in, what is in it, what it offers and needs. */
const ORDER = [
  'partOf',
  'hasPart',
  'memberOf',
  'hasMember',
  'childOf',
  'parentOf',
  'apiProvidedBy',
  'apiConsumedBy',
  'providesApi',
  'consumesApi',
  'dependsOn',
  'dependencyOf',
  'ownedBy',
  'ownerOf',
] as const;

/** What a relation means on an entity of some kind (lower case), where its type alone does not say it well. */
const WORDS: Readonly<Record<string, string>> = {
  'component hasPart': 'Subcomponents',
  'component dependencyOf': 'Used by',
  'resource dependencyOf': 'Used by',
  'api apiProvidedBy': 'Providers',
  'api apiConsumedBy': 'Consumers',
  'system hasPart': 'Parts',
  'domain hasPart': 'Systems and subdomains',
  'group hasMember': 'Members',
  'group parentOf': 'Child groups',
  'group childOf': 'Parent group',
  'group ownerOf': 'Owns',
  'user memberOf': 'Groups',
  'user ownerOf': 'Owns',
};

/**
 * A relation's type in words: `ownedBy` is `Owned by`, `providesApi` is `Provides API`.
 * @param kind kind of the entity that shows it, in any letter case
 */
export function relationText(type: string, kind = ''): string {
  const known = WORDS[`${kind.toLowerCase()} ${type}`];
  if (known !== undefined) return known;
  const words = type.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\bapi\b/gi, 'API');
}

/** The types in reading order; those that nobody knows come last, by name. */
export function inReadingOrder(types: Iterable<string>): readonly string[] {
  const place = (type: string): number => {
    const at = ORDER.findIndex((known) => known === type);
    return at === -1 ? ORDER.length : at;
  };
  return [...types].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}
