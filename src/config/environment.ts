/** The environment as the rest of the program may see it: names to values. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process. The one place that reads it; everything else is handed what it needs. */
export function processEnvironment(): Environment {
  return process.env;
}
