/**
 * The parts of an option that takes several values in one text, without the blanks around them and without empty ones.
 * Commas within brackets or quotes do not count: shapes, arrays and texts have some.
 */
export function splitAtCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|./gs)) {
    if (token === '[') depth++;
    if (token === ']') depth--;
    if (token === ',' && depth <= 0) parts.push('');
    else parts.push((parts.pop() as string) + token);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
