/** Takes in what a worker sends, until its report is complete. */
// Not the global one, which the contexts that Jest makes for jsdom lack.
import { setImmediate } from 'node:timers';
import type { Worker } from 'node:worker_threads';
import { abortError } from '../abort.js';
import type { Progress, ProgressTeller } from '../progress.js';
import type { FreezeReport, FrozenVariable } from '../report.js';
import type { Take } from '../writing/take-plan.js';
import type { FromWorker, ToWorker } from './freeze-messages.js';
import { received } from './sent-error.js';

/** Of the thread that started the worker. */
export interface Listeners {
  readonly teller: ProgressTeller | undefined;
  readonly take: Take | undefined;
  /** Ends the worker's freeze. */
  readonly stop: () => void;
}

export class Reception {
  /** Rejects with what the freeze failed with, or when the worker ends without a word. */
  readonly report: Promise<FreezeReport>;
  readonly #worker: Worker;
  readonly #listeners: Listeners;
  #reject: (error: unknown) => void = () => undefined;
  /** Not told yet. */
  #progress: Progress | undefined;
  #begun: Omit<FreezeReport, 'variables'> | undefined;
  readonly #variables: FrozenVariable[] = [];

  constructor(worker: Worker, listeners: Listeners) {
    this.#worker = worker;
    this.#listeners = listeners;
    this.report = new Promise((resolve, reject) => {
      this.#reject = reject;
      worker.on('message', (message: FromWorker) => {
        const report = this.#take(message);
        if (report) resolve(report);
      });
      // The end comes after the error, and after what the core was at, which may have been writing.
      let failure: unknown;
      worker.once('error', (error) => {
        failure = error;
      });
      worker.once('exit', (code) => reject(failure ?? new Error(`The worker of a freeze ended with code ${code}.`)));
    });
  }

  /** Waits no longer for the report. */
  cancel(): void {
    this.#reject(abortError());
  }

  /** Returns the report when it is complete. */
  #take(message: FromWorker): FreezeReport | undefined {
    switch (message.kind) {
      case 'chunk':
        void this.#takeChunk(message.chunk);
        return undefined;
      case 'progress':
        this.#takeProgress(message.progress);
        return undefined;
      case 'failure':
        this.#progress = undefined;
        this.#reject(received(message.error));
        return undefined;
      case 'report':
        this.#tell();
        this.#begun = message.report;
        break;
      case 'variables':
        for (const variable of message.variables) this.#variables.push(variable);
    }
    if (message.last && this.#begun) return { ...this.#begun, variables: this.#variables };
    // One by one, so that other work has its turn between them: what comes while one is taken in, Node takes in the same turn.
    setImmediate(() => this.#worker.postMessage('more' satisfies ToWorker));
    return undefined;
  }

  async #takeChunk(chunk: Uint8Array): Promise<void> {
    try {
      await this.#listeners.take?.(chunk);
      this.#worker.postMessage('more' satisfies ToWorker);
    } catch {
      // Whoever takes knows why. The worker ends itself at once, and has let go of everything when it says so.
      this.#listeners.stop();
    }
  }

  /** All that came while this thread was busy is told at once, as what came last. */
  #takeProgress(progress: Progress): void {
    if (this.#progress === undefined) setImmediate(() => this.#tell());
    this.#progress = progress;
  }

  #tell(): void {
    if (this.#progress) this.#listeners.teller?.tell(this.#progress);
    this.#progress = undefined;
  }
}
