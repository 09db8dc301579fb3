/**
 * TensorFlow's memmapped package: the elements of large constants and the graph as regions of one file, which
 * `MemmappedEnv` maps. Form and names as in `tensorflow/core/util/memmapped_file_system_writer.cc` and
 * `tensorflow/contrib/util/convert_graphdef_memmapped_format_lib.cc`; docs/formats.md has them.
 */
import protobuf from 'protobufjs/light.js';
import { PlanBuilder } from '../plan/plan.js';
import { WireType } from '../proto/wire-schema.js';
import { tag } from '../proto/wire-writer.js';
import { planBoundedGraph } from './bounded-graph.js';
import type { FrozenModel, LaidOut } from './frozen-model.js';
import { mapConstants, requireElements, whatIsLeft } from './mapped/map-constants.js';
import { regionNames, sanitised } from './mapped/region-names.js';

const packagePrefix = 'memmapped_package://';
const graphRegion = '.';

/** What TensorFlow's own converter leaves in the graph by default is smaller. */
const threshold = 10_000;

/** A name that is wanted again gets one more each time, as in TensorFlow's converter; thousands would come to its square. */
const mostUnderscores = 100;

/** Of the address of a region with elements, in bytes. */
const alignment = 64;

/** Field numbers of MemmappedFileSystemDirectory and its elements. */
const directoryFields = { element: 1 } as const;
const elementFields = { offset: 1, name: 2, length: 3 } as const;

interface Region {
  readonly offset: number;
  readonly name: string;
  readonly length: number;
}

/** @throws PermafrostError as `planBoundedGraph` */
export async function layOutMemmapped({ graph, checkpoint, outputs }: FrozenModel): Promise<LaidOut> {
  const nameOf = regionNames({
    wanted: sanitised,
    again: (wanted, count) => (count > mostUnderscores ? `${wanted}_${count}` : wanted + '_'.repeat(count - 1)),
    identity: (name) => name,
    reserved: [graphRegion],
  });
  const { graph: mapped, constants } = mapConstants(graph, { outputs, threshold, prefix: packagePrefix, nameOf });
  await requireElements(constants, checkpoint);
  const plan = new PlanBuilder();
  const regions: Region[] = [];
  for (const { name, ...content } of constants) {
    plan.literal(new Uint8Array((alignment - (plan.size % alignment)) % alignment));
    regions.push({ offset: plan.size, name, length: content.size });
    plan.append(content);
  }
  const graphBytes = await planBoundedGraph(mapped, checkpoint, whatIsLeft);
  regions.push({ offset: plan.size, name: graphRegion, length: graphBytes.size });
  plan.append(graphBytes);
  const directoryOffset = plan.size;
  plan.literal(encodeDirectory(regions));
  plan.literal(littleEndian(directoryOffset));
  plan.endFile('');
  return { plan: plan.finish(), graph: mapped };
}

function encodeDirectory(regions: readonly Region[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const { offset, name, length } of regions) {
    writer.uint32(tag(directoryFields.element)).fork();
    if (offset > 0) writer.uint32(tag(elementFields.offset, WireType.varint)).uint64(offset);
    writer.uint32(tag(elementFields.name)).string(packagePrefix + name);
    writer.uint32(tag(elementFields.length, WireType.varint)).uint64(length);
    writer.ldelim();
  }
  return writer.finish();
}

function littleEndian(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
