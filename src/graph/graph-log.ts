/** What the graph needs of a log; pino's has it. Messages are static, data stands in fields. */
export interface GraphLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
