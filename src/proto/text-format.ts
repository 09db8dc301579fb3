/** Protobuf's text format, read by protobufjs. */
import textformat from 'protobufjs/ext/textformat.js';
import { PermafrostError, type PermafrostErrorCode, reason } from '../errors.js';
import { type MessageName, messageType } from './types.js';

// Adds `fromText` to every message type.
textformat.install();

/**
 * @param source the file's name for messages.
 * @returns the message as a protobufjs object.
 * @param code what to call a fault; the message gives its position.
 * @throws PermafrostError
 */
export function parseText(
  type: MessageName,
  text: string,
  source: string,
  code: PermafrostErrorCode = 'GRAPH_MALFORMED',
): object {
  try {
    // A byte order mark is no part of the text.
    return messageType(type).fromText(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new PermafrostError(code, `${source} is not a valid ${type} in protobuf's text format: ${reason(error)}`, {
      cause: error,
    });
  }
}

/** The binary form of a text message. */
export function textToBinary(type: MessageName, text: string, source: string): Uint8Array {
  return messageType(type)
    .encode(parseText(type, text, source))
    .finish();
}
