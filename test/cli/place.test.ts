import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildExamplePlugin } from '../support/device-plugins.js';
import { floatNode } from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes } from '../support/model.js';
import { runCommand } from '../support/run.js';

function flagsOf({ graph, checkpoint, out }: SmallModel, ...more: string[]): string[] {
  return ['freeze', '--graph', graph, '--checkpoint', checkpoint, '--outputs', 'product', '--out', out, ...more];
}

describe('permafrost freeze --place', () => {
  it('with rules and a picture tells a line for each device', async () => {
    const model = smallModel([...smallNodes, floatNode('MatMul', 'product', 'y', 'y')]);
    const [rules, dot] = [join(model.folder, 'rules.json'), join(model.folder, 'placed.dot')];
    writeFileSync(rules, '[{ "name": "x", "device": "gpu:1" }]');
    const flags = flagsOf(model, '--place', 'gpu:0,cpu', '--place-rules', rules, '--dot', dot);
    const { code, stdout, stderr } = await runCommand('permafrost', ...flags);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('  device   /device:GPU:0  4 nodes, 1 constants of 8 bytes\n');
    expect(stdout).toContain('  device   /device:GPU:1  1 nodes, 0 constants of 0 bytes\n');
    expect(stdout).toContain('x:0 (unknown size) /device:GPU:1 to /device:GPU:0, for y\n');
    expect(readFileSync(dot, 'utf8')).toContain('[color=red, penwidth=2]');
    const { placement } = JSON.parse((await runCommand('permafrost', ...flags, '--json')).stdout);
    expect(placement).toMatchObject({ crossings: [{ tensor: 'x:0' }], isCutShort: false });
  });

  it('takes the targets of plugins, and rules that name them', async () => {
    const model = smallModel([...smallNodes, floatNode('MatMul', 'product', 'y', 'y')]);
    const plugin = buildExamplePlugin(model.folder);
    const rules = join(model.folder, 'rules.json');
    writeFileSync(rules, '[\n{ "name": "x", "device": "tpu_like:1" },\n{ "name": "nosuch", "device": "cpu" }]');
    const flags = flagsOf(model, '--device-plugin', plugin, '--place', 'tpu_like:3,cpu', '--place-rules', rules);
    const { code, stdout, stderr } = await runCommand('permafrost', ...flags);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('  device   /device:TPU:3');
    expect(stdout).toContain(`  warning  1 rules that no node follows: '${rules}:3'`);
    const { placement } = JSON.parse((await runCommand('permafrost', ...flags, '--json')).stdout);
    expect(placement.unusedRules).toEqual([`${rules}:3`]);
    expect(placement.devices.map(({ device }: { device: string }) => device)).toContain('/device:TPU:1');
  }, 120_000);

  it('tells of the demo what docs/devices.md shows', async () => {
    const page = readFileSync(new URL('../../docs/devices.md', import.meta.url), 'utf8');
    const [, flags = '', shown = ''] = /```\npermafrost (.*--dry-run.*)\n```\n```\n([^`]*)```/.exec(page) ?? [];
    const { code, stdout } = await runCommand('permafrost', ...flags.split(' '));
    expect(code).toBe(0);
    expect(shown.split('\n')).toContainEqual(expect.stringMatching(/^ {2}crossing /));
    expect(stdout.slice(stdout.indexOf('  device '))).toBe(shown);
  });

  it('refuses a target that there is none of', async () => {
    const model = smallModel();
    const { code, stderr } = await runCommand('permafrost', ...flagsOf(model, '--place', 'tpx'));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/device target unknown .*'tpx'/);
    expect(existsSync(model.out)).toBe(false);
  });
});
