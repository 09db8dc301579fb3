/** Protobuf's text format, as protobufjs reads and writes it. Most files are binary, so it is loaded when a text comes along. */
import type protobuf from 'protobufjs/light.js';
import { PermafrostError, type PermafrostErrorCode, reason } from '../errors.js';
import { type MessageName, messageType } from './types.js';

/**
 * @param source the file's name for messages.
 * @param code what to call a fault; the message gives its position.
 * @returns the message as a protobufjs object.
 * @throws PermafrostError
 */
export async function parseText(
  type: MessageName | protobuf.Type,
  text: string,
  source: string,
  code: PermafrostErrorCode = 'GRAPH_MALFORMED',
): Promise<object> {
  const { default: textformat } = await import('protobufjs/ext/textformat.js');
  const parsed = typeof type === 'string' ? messageType(type) : type;
  try {
    // A byte order mark is no part of the text.
    return textformat.fromText(parsed, text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new PermafrostError(
      code,
      `${source} is not a valid ${parsed.name} in protobuf's text format: ${reason(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** The binary form of a text message. */
export async function textToBinary(type: MessageName, text: string, source: string): Promise<Uint8Array> {
  return messageType(type)
    .encode(await parseText(type, text, source))
    .finish();
}

/** @param message as protobufjs decodes it. */
export async function formatText(type: protobuf.Type, message: object): Promise<string> {
  const { default: textformat } = await import('protobufjs/ext/textformat.js');
  return textformat.toText(type, message);
}
