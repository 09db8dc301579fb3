// Which cases of the sweep the tests keep.

/** For each row of the table one that shows it, and for each of its ops one that is the same on both backends. */
export function chooseCases(cases, differences, isDifferent) {
  const bySize = cases.toSorted((a, b) => a.graph.length - b.graph.length);
  const rows = differences.map(({ ops, by, instead }, row) => {
    const shows = (each) =>
      ops.split(' ').includes(each.op) && each.refusal?.includes(`${by}: `) && each.refusal.includes(` ${instead}. `);
    const found = bySize.find((each) => shows(each) && isDifferent(each));
    if (!found) throw new Error(`No case shows the row of ${ops} (${by}); add one to test/tensorflow/tfjs.`);
    return { row, backend: found.cpu ? 'cpu' : 'wasm', ...kept(found) };
  });
  const ops = new Set(differences.flatMap((each) => each.ops.split(' ')));
  const same = Array.from(ops, (op) => bySize.find((each) => each.op === op && !each.refusal && !each.cpu));
  return [
    ...rows,
    ...same.filter(Boolean).map((each) => ({ ...kept(each), ...(each.wasm ? { backend: 'cpu' } : {}) })),
  ];
}

function kept({ title, graph, outputs, feeds, fetches }) {
  return { title, graph, outputs, feeds, fetches };
}
