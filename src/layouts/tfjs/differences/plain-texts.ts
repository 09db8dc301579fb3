/** Attributes that are texts, as TensorFlow.js reads them: in lower case, and a letter outside of ASCII as several. */

export function isPlainText(text: string): boolean {
  return /^[\n -@[-~]*$/.test(text);
}

/** Letters, digits and signs that mean themselves; classes of them; and one or more of such. */
const plainPattern =
  /^\^?(?:(?:[ !"#%&',\-/0-9:;<=>@_`a-z~]|\\[!-/:-@[-`{-~dw]|\[(?:[ !"#%&',\-./0-9:;<=>@_`a-z~]|\\[!-/:-@[-`{-~dw])+\])\+?)*\$?$/;

/**
 * Whether a pattern finds the same with the engines of both. They differ in flags, named classes, what may be empty and what
 * counts as one letter.
 */
export function isPlainPattern(pattern: string): boolean {
  return plainPattern.test(pattern);
}
