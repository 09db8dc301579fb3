/** Takes every device off the main graph's nodes; functions keep theirs, as TensorFlow leaves them. */
import type { Graph } from '../graph/graph.js';

export function clearDevices(graph: Graph): Graph {
  return graph.mapNodes((node) => (node.device === '' ? node : node.edit({ device: '' })));
}
