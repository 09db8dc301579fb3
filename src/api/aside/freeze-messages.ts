/** What a freeze's worker and the thread that started it say to each other. */
import type { FreezeSettings } from '../options/freeze-settings.js';
import type { Progress } from '../progress.js';
import type { FreezeReport, FrozenVariable } from '../report.js';
import type { SentError } from './sent-error.js';

/** What the worker begins with. */
export interface Assignment {
  readonly settings: SentSettings;
  /** Whether anybody wants to know how far it is. */
  readonly progress: boolean;
  /** Whether the graph is to be sent, and not written to a path. */
  readonly takes: boolean;
  /** The memory of the `WriteGate`. */
  readonly gate: SharedArrayBuffer;
}

/** Without what cannot cross: a signal, a callback and a stream become messages. */
export type SentSettings = Omit<FreezeSettings, 'signal' | 'onProgress' | 'stream'>;

/** `abort`: end the write. `more`: the next part of the graph or of the report, please. */
export type ToWorker = 'abort' | 'more';

export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'chunk'; readonly chunk: Uint8Array }
  /** Its variables follow in parts: to take in 200,000 of them at once would take 0.2 s. */
  | { readonly kind: 'report'; readonly report: Omit<FreezeReport, 'variables'>; readonly last: boolean }
  | { readonly kind: 'variables'; readonly variables: readonly FrozenVariable[]; readonly last: boolean }
  | { readonly kind: 'failure'; readonly error: SentError };
