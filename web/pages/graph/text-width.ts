const pen = document.createElement('canvas').getContext('2d');

/** Width of a text in the interface's font. @param size px */
export function textWidth(text: string, size: number, weight = 400): number {
  if (!pen) return text.length * size * 0.55;
  pen.font = `${weight} ${size}px 'Inter Variable', system-ui, sans-serif`;
  return pen.measureText(text).width;
}

/** The text, or as much of its beginning as fits, with an ellipsis. */
export function fitted(text: string, room: number, size: number, weight = 400): string {
  if (textWidth(text, size, weight) <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(`${text.slice(0, middle)}…`, size, weight) <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}
