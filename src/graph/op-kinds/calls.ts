/** TensorFlow's ops that call functions with their own inputs, and give out what those return. */

export const plainCallOps: ReadonlySet<string> = new Set(['PartitionedCall', 'StatefulPartitionedCall']);
/** One of several functions, which the first input chooses. */
export const choiceOps: ReadonlySet<string> = new Set(['If', 'StatelessIf', 'Case', 'StatelessCase']);
/** A function again and again, as long as another one says. */
export const loopOps: ReadonlySet<string> = new Set(['While', 'StatelessWhile']);
