/** Thousands of variables may be one tensor of the checkpoint: a megabyte of graph could so fill a disk. */
import { storedPart } from '../graph/stored-tensor.js';
import { beyond, limits } from '../limits.js';
import { isTensor, type Segments } from '../plan/plan.js';

/** As much as a GraphDef can have at most. */
const free = 2 ** 31;

/** Times all tensors that are written, each counted once. */
const growth = 4;

/** @throws PermafrostError LIMIT_EXCEEDED where what is written again and again comes to too much. */
export function refuseRepeats({ segments, size }: Segments): void {
  const { repeatedBytes } = limits();
  // Most have less in all.
  if (size <= (repeatedBytes || free)) return;
  const known = new Map<string, number>();
  let all = 0;
  let once = 0;
  let again = '';
  for (const segment of segments) {
    if (!isTensor(segment)) continue;
    const part = storedPart(segment.tensor);
    const before = known.get(part) ?? 0;
    if (segment.size > before) {
      once += segment.size - before;
      known.set(part, segment.size);
    } else again = segment.tensor.key;
    all += segment.size;
  }
  const most = repeatedBytes || free + growth * once;
  if (all - once <= most) return;
  throw beyond(
    'repeatedBytes',
    `Variables that are the same tensor of the checkpoint, such as '${again}', come to ${all - once} bytes beyond those of ` +
      `the first, and to no more than ${most} are they written`,
  );
}
