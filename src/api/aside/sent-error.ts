/** Errors as data: a structured clone of one forgets its class, its code and whatever else it carries. */
import { isError, isPermafrostError, PermafrostError, type PermafrostErrorCode } from '../../errors.js';

export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a PermafrostError. */
  readonly code: PermafrostErrorCode | undefined;
  /** What else it carries, as far as it is plain: `errno`, `path` and the like of the system's errors. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  /** Undefined: none. Whatever is thrown may be one; what is no error comes as its text. */
  readonly cause: SentError | string | undefined;
}

/** @param thrown anything may be. */
export function sendable(thrown: unknown): SentError {
  const error = isError(thrown) ? thrown : new Error(String(thrown));
  const isPlain = ([, value]: [string, unknown]): boolean => ['string', 'number', 'boolean'].includes(typeof value);
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    stack,
    code: isPermafrostError(error) ? error.code : undefined,
    properties: Object.fromEntries(Object.entries(error).filter(isPlain)) as SentError['properties'],
    cause: cause === undefined ? undefined : isError(cause) ? sendable(cause) : String(cause),
  };
}

/** The error again, with the stack that it had in its own thread. */
export function received({ name, message, stack, code, properties, cause }: SentError): Error {
  const options = cause === undefined ? {} : { cause: typeof cause === 'string' ? cause : received(cause) };
  const error = code === undefined ? new Error(message, options) : new PermafrostError(code, message, options);
  const hidden = { configurable: true, writable: true };
  return Object.defineProperties(Object.assign(error, properties), {
    name: { ...hidden, value: name },
    // It has lines already.
    message: { ...hidden, value: message },
    stack: { ...hidden, value: stack },
  });
}
