import type { Readable } from 'node:stream';

/** One request as it is put on a connection. */
export interface LinkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array | undefined;
  /** Ends the request, also before it was answered. */
  readonly signal: AbortSignal;
}

/** The head of an answer, and its body as it comes. */
export interface LinkAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Readable;
  /** False where a body that ended was cut off. */
  isWhole(): boolean;
  cancel(): void;
}

/** Bytes of HTTP, compressed as they went; what TLS adds is not counted. */
export interface WireBytes {
  readonly sent: number;
  readonly received: number;
}

/** What a connection tells. */
export interface LinkEvents {
  /** Something came from the server. */
  alive(): void;
  /** It can carry nothing more, and was not closed by us. `fault`: why; absent: the server is leaving in good order. */
  lost(thrown?: unknown): void;
}

/** A connection to an API server, of HTTP/2 or HTTP/1.1. */
export interface Link {
  /** False once nothing new may be put on it. */
  readonly isOpen: boolean;
  readonly bytes: WireBytes;
  /** Puts a request on it. Rejects with what the socket or the protocol said, or with the signal's reason. */
  send(request: LinkRequest): Promise<LinkAnswer>;
  /** Bytes of a body came: it lives. */
  touch(): void;
  /** Nothing new is put on it; what is under way goes on, then it is closed. */
  drain(): void;
  /** Ends everything at once. */
  close(): void;
}
