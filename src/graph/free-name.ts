/** The wanted name, or the first of `wanted_1`, `wanted_2`… that is not taken. */
export function freeName(wanted: string, taken: (name: string) => boolean): string {
  let name = wanted;
  for (let count = 1; taken(name); count++) name = `${wanted}_${count}`;
  return name;
}
