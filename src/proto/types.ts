/** TensorFlow's message types, built by protobufjs from the schema. */
import protobuf from 'protobufjs/light.js';
import { schema } from './schema.generated.js';

export type * from './messages.js';

export type MessageName =
  | 'GraphDef'
  | 'MetaGraphDef'
  | 'MetaGraphDef.MetaInfoDef'
  | 'SavedModel'
  | 'SavedObject'
  | 'SavedObjectGraph'
  | 'TrackableObjectGraph'
  | 'TrackableObjectGraph.TrackableObject'
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
  | 'FunctionDef.ArgAttrs'
  | 'VersionDef'
  | 'SaverDef'
  | 'CheckpointState';

const root = new protobuf.Root();
const types = new Map<MessageName, protobuf.Type>();

/** The protobufjs type of a message of the `tensorflow` package. */
export function messageType(name: MessageName): protobuf.Type {
  const known = types.get(name);
  if (known) return known;
  // These are few and small.
  if (types.size === 0) root.addJSON(otherPackages);
  add(name.split('.')[0] as string, root.define('tensorflow'));
  const type = root.resolveAll().lookupType(`tensorflow.${name}`);
  types.set(name, type);
  return type;
}

/** Messages and enums by their names. */
const { tensorflow, ...otherPackages } = schema.nested as Record<string, protobuf.INamespace>;
const messages = tensorflow?.nested as Record<string, protobuf.IType>;

/** Adds a message or an enum, and all that it refers to: to make the types of all messages would delay every start. */
function add(name: string, namespace: protobuf.Namespace): void {
  const message = messages[name];
  if (!message || namespace.get(name)) return;
  namespace.addJSON({ [name]: message });
  for (const type of typesIn(message)) add(type.split('.')[0] as string, namespace);
}

/** What the fields of a message are, and those of the messages in it: the names of messages, enums and plain types. */
function typesIn({ fields = {}, nested = {} }: protobuf.IType): string[] {
  const own = Object.values(fields).map(({ type }) => type);
  return [...own, ...Object.values(nested).flatMap((inner) => typesIn(inner as protobuf.IType))];
}
