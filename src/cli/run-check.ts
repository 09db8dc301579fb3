/** What `permafrost check` prints, and how it ends. */
import { type CheckOptions, type CheckReport, checkHere, readCheckOptions } from '../api/check-graph.js';
import { registerDevicePlugin } from '../api/register-device-plugin.js';
import type { Finding } from '../check/finding.js';
import { count } from './count.js';
import { exitCodes } from './exit-codes.js';
import { asJsonByItem, asText, printAll } from './print.js';
import { reportError } from './run-freeze.js';

/** People read no more; `--json` has all. */
const listed = 100;

/**
 * Checks, tells what was found and sets the process's exit code. Never rejects.
 * @param plugins paths of libraries with more targets.
 */
export async function runCheck(options: CheckOptions, plugins: readonly string[], json: boolean): Promise<void> {
  try {
    for (const path of plugins) registerDevicePlugin(path);
    const report = await checkHere(readCheckOptions(options));
    if (json) await printAll(asJsonByItem({ ...report }));
    else console.log(formatCheck(report));
    if (report.errors > 0) process.exitCode = exitCodes.input;
  } catch (error) {
    reportError(error, { json });
  }
}

export function formatCheck({ file, kind, nodes, functions, errors, warnings, findings }: CheckReport): string {
  const lines = findings.slice(0, listed).map(formatFinding);
  if (findings.length > listed) lines.push(`… and ${findings.length - listed} more, which --json lists`);
  lines.push(
    `${file} (${kind}) ${verdictOn(findings)}: ${count(errors, 'error')}, ${count(warnings, 'warning')} in ` +
      `${count(nodes, 'node')} and ${count(functions, 'function')}`,
  );
  return asText(lines);
}

/** A graph that a target cannot run is no broken one. */
function verdictOn(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return 'is consistent';
  return errors.every(({ code }) => code.startsWith('TARGET_')) ? 'is nothing for the target' : 'is broken';
}

function formatFinding({ severity, code, function: body, node, message }: Finding): string {
  const place = [body && `function '${body}'`, node && `node '${node}'`].filter(Boolean).join(', ') || 'graph';
  return `${severity} ${code} ${place}: ${message}`;
}
