import fastJsonStringify from 'fast-json-stringify';

/** Turns a value into JSON, with nothing but what the schema names. */
export type Serialize = (value: unknown) => string;

/** The serializers of one server. */
export interface Serializers {
  /** The serializer of a schema. It is made when the first answer needs it, which keeps the start quick. */
  serializer(schema: object): Serialize;
  /** Makes it at once. @throws Error that says why the schema cannot be used */
  assertUsable(schema: object): void;
}

/** Makes the serializers of a server; one schema has one, however many routes answer with it. */
export function createSerializers(): Serializers {
  const made = new WeakMap<object, Serialize>();
  const make = (schema: object): Serialize => {
    let serialize = made.get(schema);
    if (serialize === undefined) {
      serialize = fastJsonStringify(schema);
      made.set(schema, serialize);
    }
    return serialize;
  };
  return {
    serializer: (schema) => (value) => make(schema)(value),
    assertUsable: (schema) => void make(schema),
  };
}
