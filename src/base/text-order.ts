/**
 * Orders two strings by code point, as CEL and every UTF-8 index do. JavaScript's own `<` compares UTF-16 units, which
 * puts U+E000..U+FFFF after the astral planes; only strings with surrogates can differ.
 *
 * @returns negative, zero or positive
 */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  let index = 0;
  while (index < length && left.charCodeAt(index) === right.charCodeAt(index)) index += 1;
  if (index === length) return left.length - right.length;
  const leftUnit = left.charCodeAt(index);
  const rightUnit = right.charCodeAt(index);
  const leftAstral = isSurrogate(leftUnit);
  // A surrogate stands for a code point above every unit that is none; two surrogates order as their code points do.
  if (leftAstral !== isSurrogate(rightUnit)) return leftAstral ? 1 : -1;
  return leftUnit - rightUnit;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
