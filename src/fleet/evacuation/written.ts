/** An item as it is made for an answer: optional members without a value are undefined, and JSON leaves them out. */
export type Written<Item> = {
  readonly [Name in keyof Item]: object extends Pick<Item, Name> ? Item[Name] | undefined : Item[Name];
};
