import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatCheck } from '../../src/cli/run-check.js';
import { temporaryFolder } from '../support/folder.js';
import { float, graphDef, placeholder, typeAttr } from '../support/graph-def.js';
import { smallModel } from '../support/model.js';
import { root, runCommand } from '../support/run.js';

const frozen = join(root, 'examples', 'demo', 'frozen-by-tensorflow.pb');

describe('permafrost check', () => {
  it('says that a frozen graph is consistent', async () => {
    expect(await runCommand('permafrost', 'check', frozen)).toMatchObject({
      code: 0,
      stdout: `${frozen} (a binary GraphDef) is consistent: 0 errors, 0 warnings in 38 nodes and 0 functions\n`,
      stderr: '',
    });
  });
  it('lists errors and ends with 3', async () => {
    const { graph } = smallModel();
    const { code, stdout } = await runCommand('permafrost', 'check', graph);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^error VARIABLE_LEFT node 'w': .*\n.* is broken: 1 error, 0 warnings in 4 nodes and 0 functions\n$/,
    );
  });
  it('takes variables that were kept, by name or all', async () => {
    const { graph } = smallModel();
    expect((await runCommand('permafrost', 'check', graph, '--deny', 'a', '--deny', 'w,b')).code).toBe(0);
    expect((await runCommand('permafrost', 'check', graph, '--allow-variables')).code).toBe(0);
  });
  it('--json prints the report and nothing else', async () => {
    const { graph } = smallModel();
    const { code, stdout, stderr } = await runCommand('permafrost', 'check', graph, '--json');
    expect([code, stderr]).toEqual([3, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      file: graph,
      errors: 1,
      findings: [{ code: 'VARIABLE_LEFT', node: 'w' }],
    });
  });
  it('says what keeps a target from running the graph, and ends with 3', async () => {
    const file = join(temporaryFolder(), 'graph.pb');
    writeFileSync(
      file,
      graphDef([placeholder('x'), { name: 'y', op: 'AsString', input: ['x'], attr: { T: typeAttr(float) } }]),
    );
    const { code, stdout } = await runCommand('permafrost', 'check', file, '--target', 'npu');
    expect([code, stdout.split('\n').map((line) => line.split(':')[0])]).toEqual([
      3,
      [
        "error TARGET_KERNEL node 'y'",
        "error TARGET_SHAPE node 'x'",
        `${file} (a binary GraphDef) is nothing for the target`,
        '',
      ],
    ]);
    expect((await runCommand('permafrost', 'check', file, '--target', 'cpu')).code).toBe(0);
    const unknown = await runCommand('permafrost', 'check', file, '--target', 'tpu');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/^DEVICE_UNKNOWN: /)]);
    const plugin = await runCommand('permafrost', 'check', file, '--device-plugin', 'gone.so', '--target', 'tpu');
    expect([plugin.code, plugin.stderr]).toEqual([3, expect.stringMatching(/^DEVICE_PLUGIN_UNUSABLE: /)]);
  });
  it('ends with 3 where there is no file, and with 2 where none is named', async () => {
    const { code, stderr } = await runCommand('permafrost', 'check', 'gone.pb');
    expect([code, stderr]).toEqual([3, "FILE_NOT_FOUND: There is no file 'gone.pb'.\n"]);
    expect((await runCommand('permafrost', 'check')).code).toBe(2);
  });
});

it('a long list is cut, and says so', () => {
  const finding = { severity: 'error', code: 'CYCLE', function: 'f', node: undefined, message: 'm' } as const;
  const lines = formatCheck({
    file: 'a.pb',
    kind: 'a graph',
    nodes: 1,
    functions: 1,
    errors: 102,
    warnings: 0,
    findings: Array.from({ length: 102 }, () => finding),
  }).split('\n');
  expect([lines.length, lines[0], lines[100]]).toEqual([
    102,
    "error CYCLE function 'f': m",
    '… and 2 more, which --json lists',
  ]);
});
