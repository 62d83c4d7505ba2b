import { ApiStatusError, type StatusReason } from './api-status.ts';

/** Which resources a fault is about, by plural; absent: everything, discovery too. */
interface Where {
  readonly resources?: readonly string[];
}

/** What goes wrong with a server until it is taken back. Those marked (wire) need a server that was opened for them. */
export type Fault =
  /** Nobody listens at the port. */
  | { readonly type: 'refuse' }
  /** (wire) Connections are accepted, and not one byte is read or written: the peer of a network that is gone. */
  | { readonly type: 'freeze' }
  /** (wire) */
  | { readonly type: 'slow'; readonly bytesPerSecond: number }
  /** (wire) Each connection is cut when it has carried so many bytes. */
  | { readonly type: 'cut'; readonly afterBytes: number }
  /** Requests are taken and never answered; watches say nothing. The connection itself lives. */
  | ({ readonly type: 'hang' } & Where)
  /** Requests are refused with a Status. */
  | ({ readonly type: 'answer'; readonly reason: StatusReason; readonly retryAfterSeconds?: number } & Where)
  /** Every watch that resumes is told that its resourceVersion is too old. */
  | ({ readonly type: 'expired' } & Where)
  /** Bookmarks come often, and `behind` what was sent already; shuffled ones jump about between there and now. */
  | { readonly type: 'bookmarks'; readonly everyMs: number; readonly behind: number; readonly isShuffled?: boolean }
  /** Watches end in the middle of their n-th line, lists in the middle of their body. */
  | ({ readonly type: 'truncated'; readonly everyLines: number } & Where)
  /** Every n-th object has fields of types that they cannot have. */
  | ({ readonly type: 'wrongTypes'; readonly everyObjects: number } & Where)
  /** Objects are so large, in bytes. */
  | ({ readonly type: 'huge'; readonly bytes: number } & Where)
  /** Every line of a watch comes twice. */
  | { readonly type: 'repeated' };

/** The faults of these types. */
export type FaultOf<Type extends Fault['type']> = Extract<Fault, { type: Type }>;

/** The fault that a server has now, if any. */
export class FaultState {
  #fault: Fault | undefined;

  get fault(): Fault | undefined {
    return this.#fault;
  }

  set(fault: Fault | undefined): void {
    this.#fault = fault;
  }

  /** The fault if it is of this type and about this resource. @param plural absent: what is of no resource */
  find<Type extends Fault['type']>(type: Type, plural?: string): FaultOf<Type> | undefined {
    const fault = this.#fault;
    if (fault?.type !== type) return undefined;
    const resources = 'resources' in fault ? fault.resources : undefined;
    if (resources !== undefined && (plural === undefined || !resources.includes(plural))) return undefined;
    return fault as FaultOf<Type>;
  }

  /** @throws ApiStatusError where requests are refused */
  demand(plural: string | undefined): void {
    const refusal = this.find('answer', plural);
    if (!refusal) return;
    const details =
      refusal.retryAfterSeconds === undefined ? undefined : { retryAfterSeconds: refusal.retryAfterSeconds };
    throw new ApiStatusError(refusal.reason, `${refusal.reason}, as was asked of this server`, details);
  }
}
