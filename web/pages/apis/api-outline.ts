/** A part of a message's shape: a property, a parameter, an argument, a column. One row of a tree. */
export interface SchemaField {
  readonly name: string;
  /** As people say it: `list of Ticket`, `text (date-time)`. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly isDeprecated: boolean;
  /** CommonMark. */
  readonly description?: string | undefined;
  /** What else holds for it: `default 10`, `one of a, b`, `at most 40 characters`. */
  readonly notes: readonly string[];
  /** What lies below. Worked out when somebody opens the row: schemas refer to each other, and in circles. */
  readonly fields?: (() => readonly SchemaField[]) | undefined;
}

/** Something that is sent or answered. */
export interface OperationPart {
  /** `Parameters`, `Request body`, `Response 200`. */
  readonly title: string;
  /** Media type, format of the schema. */
  readonly detail?: string | undefined;
  /** CommonMark. */
  readonly description?: string | undefined;
  readonly fields: readonly SchemaField[];
  readonly examples: readonly Example[];
  /** Begins closed: what is looked at less often. */
  readonly isFolded?: boolean | undefined;
}

/** An example as the definition gives it. */
export interface Example {
  readonly title: string;
  readonly text: string;
}

/** One thing that can be asked, sent or received. */
export interface ApiOperation {
  /** Unique in the outline and the same from day to day: it stands in URLs. */
  readonly id: string;
  /** `GET`, `SEND`, `QUERY`, `RPC`; of a type what it is: `object`, `enum`. */
  readonly verb: string;
  /** Path, channel, field or method. */
  readonly name: string;
  readonly summary?: string | undefined;
  /** CommonMark. */
  readonly description?: string | undefined;
  readonly isDeprecated: boolean;
  /** Worked out when somebody opens it. */
  readonly parts: () => readonly OperationPart[];
  /** A command line that calls it, where one can. */
  readonly command?: (() => string) | undefined;
}

/** Operations, or types, under one title. */
export interface ApiGroup {
  readonly id: string;
  readonly title: string;
  /** CommonMark. */
  readonly description?: string | undefined;
  readonly operations: readonly ApiOperation[];
}

/** What a definition says, in one shape for all formats, to be drawn by one set of parts. */
export interface ApiOutline {
  /** `OpenAPI 3.1.0`. */
  readonly format: string;
  readonly title?: string | undefined;
  readonly version?: string | undefined;
  /** CommonMark. */
  readonly description?: string | undefined;
  /** Servers, sign-in, licence. */
  readonly facts: readonly { readonly label: string; readonly values: readonly string[] }[];
  readonly groups: readonly ApiGroup[];
  /** What of the definition is not shown, and why. */
  readonly remarks: readonly string[];
}

/** What came of reading a definition. */
export type Reading =
  | { readonly status: 'read'; readonly outline: ApiOutline }
  /** `line` is 1-based. */
  | { readonly status: 'failed'; readonly message: string; readonly line?: number | undefined }
  /** There is only the text; `reason` says why. */
  | { readonly status: 'plain'; readonly reason: string };
