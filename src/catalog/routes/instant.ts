/** A moment as the API shows it: ISO 8601 in UTC. `time` is ms since the epoch. */
export function instant(time: number): string {
  return new Date(time).toISOString();
}
