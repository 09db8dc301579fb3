/** Protobuf's text format, read by protobufjs. Most files are binary, so the parser is loaded when a text comes along. */
import { PermafrostError, type PermafrostErrorCode, reason } from '../errors.js';
import { type MessageName, messageType } from './types.js';

/**
 * @param source the file's name for messages.
 * @returns the message as a protobufjs object.
 * @param code what to call a fault; the message gives its position.
 * @throws PermafrostError
 */
export async function parseText(
  type: MessageName,
  text: string,
  source: string,
  code: PermafrostErrorCode = 'GRAPH_MALFORMED',
): Promise<object> {
  const { default: textformat } = await import('protobufjs/ext/textformat.js');
  try {
    // A byte order mark is no part of the text.
    return textformat.fromText(messageType(type), text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new PermafrostError(code, `${source} is not a valid ${type} in protobuf's text format: ${reason(error)}`, {
      cause: error,
    });
  }
}

/** The binary form of a text message. */
export async function textToBinary(type: MessageName, text: string, source: string): Promise<Uint8Array> {
  return messageType(type)
    .encode(await parseText(type, text, source))
    .finish();
}
