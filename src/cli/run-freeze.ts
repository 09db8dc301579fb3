/** What both commands do around a freeze: signals, progress, the report, errors and exit codes. */
import { constants } from 'node:os';
import { inspect } from 'node:util';
import type { Progress } from '../api/progress.js';
import type { FreezeReport } from '../api/report.js';
import { isPermafrostError, type PermafrostErrorCode } from '../errors.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import { formatReport } from './format-report.js';
import { asJson, asJsonByItem, asText, printAll } from './print.js';
import { progressBar } from './progress-bar.js';

export interface Presentation {
  /** Report or error as one JSON object on stdout. */
  readonly json: boolean;
  /** Nothing but errors. */
  readonly quiet: boolean;
}

export interface Running {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Runs `job`, tells how it went and sets the process's exit code. Never rejects. */
export async function runFreeze(
  presentation: Presentation,
  job: (running: Running) => Promise<FreezeReport>,
): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => interruption.abort(signal);
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const bar = presentation.json || presentation.quiet ? undefined : progressBar(process.stderr);
  try {
    const running = { signal: interruption.signal, ...(bar ? { onProgress: bar.draw } : {}) };
    const report = await job(running).finally(() => bar?.clear());
    if (presentation.json) await printAll(asJsonByItem({ ...report }));
    else if (!presentation.quiet) console.log(formatReport(report));
  } catch (error) {
    reportError(error, presentation);
    const signal: NodeJS.Signals | undefined = interruption.signal.reason;
    if (signal && isPermafrostError(error) && error.code === 'ABORTED')
      process.exitCode = 128 + constants.signals[signal];
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Tells of an error on stderr, and for `--json` on stdout too, and sets the exit code. */
export function reportError(error: unknown, { json }: Pick<Presentation, 'json'>): void {
  if (!isPermafrostError(error)) {
    process.exitCode = exitCodes.unexpected;
    console.error(asText(inspect(error).split('\n')));
    return;
  }
  process.exitCode = exitCodeOf(error.code);
  if (json) printError(error.code, error.message);
  console.error(`${error.code}: ${error.message}`);
}

/** An error as one JSON object on stdout. */
export function printError(code: PermafrostErrorCode, message: string): void {
  console.log(asJson({ error: { code, message } }));
}
