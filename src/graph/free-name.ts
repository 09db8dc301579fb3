/** `wanted`, or that with a number behind it where it is taken. */
export function freeName(wanted: string, taken: (name: string) => boolean): string {
  let name = wanted;
  for (let suffix = 1; taken(name); suffix++) name = `${wanted}_${suffix}`;
  return name;
}
