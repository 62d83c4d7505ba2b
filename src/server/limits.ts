/** The bounds of one server: what it lets a client take. Durations in milliseconds, sizes in bytes. */
export interface ServerLimits {
  readonly bodyBytes: number;
  readonly bodyDepth: number;
  readonly headerBytes: number;
  /** Time in which a client must have sent its headers, and its whole request. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** Time without a byte in either direction after which a connection is dropped. */
  readonly idleMs: number;
  readonly connections: number;
  /** Time that a handler may take to answer. */
  readonly handlerMs: number;
  /** Time that each cluster may take to answer for an entity. */
  readonly clusterMs: number;
  readonly eventStreams: number;
  /** Time between the comment lines that keep an event stream alive. */
  readonly heartbeatMs: number;
  /** Time in which a plugin's module must have loaded. */
  readonly pluginLoadMs: number;
  /** Time that running requests get to end when the server closes; collectors and stores get the same again. */
  readonly drainMs: number;
  /** Shortest and longest wait before a failed collector is started again. */
  readonly restartMs: { readonly min: number; readonly max: number };
}

/** The bounds unless a caller says otherwise. */
export const defaultLimits: ServerLimits = {
  bodyBytes: 1024 * 1024,
  bodyDepth: 64,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 120_000,
  connections: 4000,
  handlerMs: 30_000,
  clusterMs: 5_000,
  eventStreams: 1000,
  heartbeatMs: 15_000,
  pluginLoadMs: 10_000,
  drainMs: 5_000,
  restartMs: { min: 1_000, max: 60_000 },
};
