/** How well an object does what it is for. `Unknown`: it says something that nobody can read; never shown as good. */
export type HealthStatus = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';

/** Health with its reason. */
export interface Health {
  readonly status: HealthStatus;
  /** One word, that of Kubernetes where it has one, e.g. `ProgressDeadlineExceeded`; absent where there is nothing to explain. */
  readonly reason?: string | undefined;
}

export const healthy: Health = { status: 'Healthy' };

export const progressing = (reason?: string): Health => ({ status: 'Progressing', reason });
export const degraded = (reason?: string): Health => ({ status: 'Degraded', reason });
export const suspended = (reason?: string): Health => ({ status: 'Suspended', reason });
