/** Shapes for people, with a ? for a size that is open. */

/** In sentences: `[?, 3]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.map(sizeText).join(', ')}]`;
}

/** As options take it, without blanks to be quoted: `[?,3]`; nothing where the rank is open. */
export function shapeInOptions(shape: readonly number[] | undefined): string {
  return shape ? `[${shape.map(sizeText).join(',')}]` : '';
}

function sizeText(size: number): string {
  return size < 0 ? '?' : String(size);
}
