/** As options have it; nothing where the rank is open. */
export function shapeText(shape: readonly number[] | undefined): string {
  return shape ? `[${shape.map((size) => (size < 0 ? '?' : size)).join(',')}]` : '';
}
