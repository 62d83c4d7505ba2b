/** What is read of one field of a message. */
export interface FieldShape {
  /** Its name as JSON has it. */
  readonly name: string;
  /**
   * - `text`, `word`: a string; an empty one is left out, as JSON does. Words are few and come again and again
   * - `whole`: an integer; `count`: one of which 0 is left out, as JSON does where a field has `omitempty`
   * - `truth`: a boolean
   * - `time`: Time or MicroTime, in whole seconds since 1970, not as RFC 3339 as JSON has it; without a value it is left out
   * - `pairs`: a map from texts to texts
   * - `message`: another message
   */
  readonly type: 'text' | 'word' | 'whole' | 'count' | 'truth' | 'time' | 'pairs' | 'message';
  /** It is a list. */
  readonly isList: boolean;
  /** Of a `message`. */
  readonly shape: MessageShape | undefined;
}

/** What is read of a message: its fields by number. What is not named here is skipped, and costs next to nothing. */
export type MessageShape = readonly (FieldShape | undefined)[];

/** A field as shapes are written: its number and its type; a message in brackets is a list of them. */
export type FieldText = readonly [
  number,
  Exclude<FieldShape['type'], 'message'> | MessageForm | readonly [MessageForm],
];

/** A message that was described with {@link messageShape}. */
export interface MessageForm {
  readonly shape: MessageShape;
}

/** Describes what is read of a message. @param fields by their names in JSON, with their numbers as `generated.proto` has them */
export function messageShape(fields: Readonly<Record<string, FieldText>>): MessageForm {
  const shape: (FieldShape | undefined)[] = [];
  for (const [name, [number, type]] of Object.entries(fields)) {
    if (typeof type === 'string') shape[number] = { name, type, isList: false, shape: undefined };
    else {
      const isList = isListForm(type);
      shape[number] = { name, type: 'message', isList, shape: isList ? type[0].shape : type.shape };
    }
  }
  return { shape };
}

function isListForm(type: MessageForm | readonly [MessageForm]): type is readonly [MessageForm] {
  return Array.isArray(type);
}
