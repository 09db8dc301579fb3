/** Protobuf's text format, read by protobufjs. */
import textformat from 'protobufjs/ext/textformat.js';
import { PermafrostError, reason } from '../errors.js';
import { type MessageName, messageType } from './types.js';

// Adds `fromText` to every message type.
textformat.install();

/**
 * @param source the file's name for messages.
 * @returns the message as a protobufjs object.
 * @throws PermafrostError GRAPH_MALFORMED, or for a checkpoint's state CHECKPOINT_MALFORMED, with the place of the fault.
 */
export function parseText(type: MessageName, text: string, source: string): object {
  try {
    return messageType(type).fromText(text);
  } catch (error) {
    throw new PermafrostError(
      type === 'CheckpointState' ? 'CHECKPOINT_MALFORMED' : 'GRAPH_MALFORMED',
      `${source} is not a valid ${type} in protobuf's text format: ${reason(error)}`,
      { cause: error },
    );
  }
}

/** The binary form of a text message. */
export function textToBinary(type: MessageName, text: string, source: string): Uint8Array {
  return messageType(type)
    .encode(parseText(type, text, source))
    .finish();
}
