/** TensorFlow's message types, built by protobufjs from the schema. */
import protobuf from 'protobufjs/light.js';
import { schema } from './schema.generated.js';

export type * from './messages.js';

const root: protobuf.Root = protobuf.Root.fromJSON(schema);

export type MessageName =
  | 'GraphDef'
  | 'MetaGraphDef'
  | 'MetaGraphDef.MetaInfoDef'
  | 'SavedModel'
  | 'SavedObjectGraph'
  | 'TrackableObjectGraph'
  | 'SignatureDef'
  | 'AssetFileDef'
  | 'CollectionDef'
  | 'VariableDef'
  | 'NodeDef'
  | 'AttrValue'
  | 'NameAttrList'
  | 'TensorProto'
  | 'TensorShapeProto'
  | 'FunctionDefLibrary'
  | 'VersionDef'
  | 'SaverDef'
  | 'CheckpointState';

const types = new Map<MessageName, protobuf.Type>();

/** The protobufjs type of a message of the `tensorflow` package. */
export function messageType(name: MessageName): protobuf.Type {
  const known = types.get(name);
  if (known) return known;
  const type = root.lookupType(`tensorflow.${name}`);
  types.set(name, type);
  return type;
}
