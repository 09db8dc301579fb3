/** Adds to the list of a key, which is made with its first value: to copy a list for each would take time that grows with its square. */
export function addToList<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
