/** What every malformed input must do: fail as a PermafrostError, and leave no file. */
import { expect } from 'vitest';
import type { PermafrostError, PermafrostErrorCode } from '../../src/index.js';
import { failure } from './failure.js';
import { namesIn } from './folder.js';
import { freeze } from './freeze.js';
import type { SmallModel } from './model.js';

/** The error of freezing a malformed model; no file is left by then. */
export async function refusal({ graph, checkpoint, out, outFolder }: SmallModel): Promise<PermafrostError> {
  const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out }));
  expect(namesIn(outFolder)).toEqual([]);
  return error;
}

export async function expectRefused(model: SmallModel, code: PermafrostErrorCode, message: RegExp): Promise<void> {
  const error = await refusal(model);
  expect(error.message).toMatch(message);
  expect(error.code).toBe(code);
}
