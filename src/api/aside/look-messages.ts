/** What the worker of a look and the thread that started it say to each other: one message each. */
import type { LookSettings } from './look-aside.js';
import type { SentError } from './sent-error.js';

export type LookName = 'checkGraph' | 'suggest';

/** What the worker begins with. */
export interface LookAssignment {
  readonly name: LookName;
  readonly settings: LookSettings;
}

export type FromLookWorker = { readonly report: unknown } | { readonly error: SentError };
