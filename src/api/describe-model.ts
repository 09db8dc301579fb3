/** What the report says of the model's signature and assets, held against the graph that is left. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphFile } from '../io/read-graph.js';
import type { Signature, SignatureTensor } from '../io/signature.js';
import { staysInside } from '../layouts/assets.js';
import type { AssetReport, SignatureReport, SignatureTensorReport } from './report.js';

export function describeSignature(signature: Signature, frozen: Graph): SignatureReport {
  const withKept = (tensor: SignatureTensor): SignatureTensorReport => ({
    ...tensor,
    kept: frozen.byName.has(inputNode(tensor.tensor)),
  });
  return { name: signature.name, inputs: signature.inputs.map(withKept), outputs: signature.outputs.map(withKept) };
}

/** The assets that the frozen graph still refers to. */
export async function describeAssets({ assets, folder }: GraphFile, frozen: Graph): Promise<AssetReport[]> {
  const kept = assets.filter(({ tensor }) => frozen.byName.has(inputNode(tensor)));
  return Promise.all(
    kept.map(async ({ tensor, file }) => {
      const path = folder === undefined ? file : join(folder, 'assets', file);
      // Whether there are other files is nobody's business.
      const info = folder !== undefined && staysInside(file) ? await stat(path).catch(() => undefined) : undefined;
      const exists = info?.isFile() ?? false;
      return { tensor, file: path, exists };
    }),
  );
}
