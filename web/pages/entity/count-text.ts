/** A number with its noun: `1 problem`, `3 problems`, `2 entities`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
