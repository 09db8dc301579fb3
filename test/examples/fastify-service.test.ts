// The service as its users meet it: started as its README says, and asked over HTTP.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/errors.js';
import { makeFolder, namesIn } from '../support/folder.js';
import { type Running, root, startNodeWith, until } from '../support/run.js';

const demo = join(root, 'examples', 'demo');
const graph = readFileSync(join(demo, 'graph.pb'));
const checkpoint = ['index', 'data-00000-of-00001'].map((end) => `model.ckpt-200.${end}`);

const [temporary, remove] = makeFolder();
const running: Running[] = [];

/** @returns its address. */
async function started(...args: string[]): Promise<string> {
  const env = { PORT: '0', TMPDIR: temporary };
  const service = startNodeWith({ env }, ...args);
  running.push(service);
  let printed = '';
  service.child.stdout?.on('data', (text: string) => {
    printed += text;
  });
  await until(() => printed.includes('\n'));
  return printed.trim();
}

const small = `
  import { service } from './examples/fastify-service/service.mjs';
  const app = await service({ fileSize: ${graph.length - 1}, waiting: 0 });
  console.log(await app.listen({ port: 0 }));
`;

const impatient = `
  import { service } from './examples/fastify-service/service.mjs';
  const app = await service({ patience: 0 });
  console.log(await app.listen({ port: 0 }));
`;

const cramped = impatient.replace('patience: 0', 'heap: 1');

const waitingForEver = `
  import { service } from './examples/fastify-service/service.mjs';
  const app = await service({ atOnce: 0, waiting: 2 });
  process.once('SIGTERM', () => app.close());
  console.log(await app.listen({ port: 0 }));
`;

const oneAtOnce = `
  import { service } from './examples/fastify-service/service.mjs';
  const app = await service({ atOnce: 1 });
  process.once('SIGTERM', () => app.close());
  console.log(await app.listen({ port: 0 }));
`;

/** With a place for one upload, which may take a while or none. */
const narrow = oneAtOnce.replace('atOnce: 1', 'waiting: 1, ...JSON.parse(process.argv[1])');

const forgetful = oneAtOnce.replace('atOnce: 1', 'keep: 1');

let address = '';
beforeAll(async () => {
  address = await started('examples/fastify-service/main.mjs');
});
afterAll(async () => {
  for (const { child } of running) child.kill();
  for (const { ended } of running) await ended;
  remove();
});

function form(fields: Record<string, string> = { outputs: 'inference/probabilities' }, names = checkpoint): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append('graph', new Blob([graph]), 'graph.pb');
  for (const name of names) {
    const known = checkpoint.find((each) => name.endsWith(each.slice(-5))) ?? checkpoint[0];
    data.append('checkpoint', new Blob([readFileSync(join(demo, known as string))]), name);
  }
  return data;
}

async function post(data: FormData, to = address): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`${to}/freezes`, { method: 'POST', body: data });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

describe('the Fastify service', () => {
  it("gives TensorFlow's bytes for an upload, tells how far it is, and forgets what is deleted", async () => {
    const { status, body } = await post(form());
    expect(status).toBe(202);
    const freeze = `${address}/freezes/${body.id}`;
    const events = await (await fetch(`${freeze}/events`)).text();
    expect(events).toContain('event: done\ndata: {"bytes":');
    const frozen = Buffer.from(await (await fetch(`${freeze}/graph`)).arrayBuffer());
    expect(frozen.equals(readFileSync(join(demo, 'frozen-by-tensorflow.pb')))).toBe(true);
    expect((await fetch(freeze, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${freeze}/graph`)).status).toBe(404);
    expect(namesIn(temporary)).toEqual([]);
  });

  it('answers what is wrong with the model with the code and what to do', async () => {
    const { body } = await post(form({ outputs: 'inference/probabilitie' }));
    const response = await fetch(`${address}/freezes/${body.id}/graph`);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'OUTPUT_NOT_FOUND' });
    const events = await (await fetch(`${address}/freezes/${body.id}/events`)).text();
    expect(events).toContain('event: failed\ndata: {"code":"OUTPUT_NOT_FOUND"');
    await fetch(`${address}/freezes/${body.id}`, { method: 'DELETE' });
  });

  it('names the files of an upload as the client does', async () => {
    const { body } = await post(form(undefined, checkpoint.slice(0, 1)));
    const answer = await (await fetch(`${address}/freezes/${body.id}/graph`)).text();
    expect(JSON.parse(answer)).toMatchObject({ code: 'SHARD_MISSING' });
    const events = await (await fetch(`${address}/freezes/${body.id}/events`)).text();
    for (const text of [answer, events]) {
      expect(text).toContain(checkpoint[1]);
      expect(text).not.toContain(temporary);
      expect(text).not.toContain('freeze-');
    }
    await fetch(`${address}/freezes/${body.id}`, { method: 'DELETE' });
  });

  it('takes what it cannot do upon itself, and tells its operator why', async () => {
    const hasty = await started('--input-type=module', '--eval', impatient);
    const service = running.at(-1) as Running;
    let told = '';
    service.child.stderr?.on('data', (text: string) => {
      told += text;
    });
    const { body } = await post(form(), hasty);
    const response = await fetch(`${hasty}/freezes/${body.id}/graph`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ code: 'ABORTED', error: 'The freeze took longer than it may.' });
    await until(() => told.includes('PermafrostError: The freeze was aborted.'));
    await fetch(`${hasty}/freezes/${body.id}`, { method: 'DELETE' });
  });

  it('outlasts a freeze whose process has no memory left', async () => {
    const poor = await started('--input-type=module', '--eval', cramped);
    const { body } = await post(form(), poor);
    const response = await fetch(`${poor}/freezes/${body.id}/graph`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'OUT_OF_MEMORY' });
    await fetch(`${poor}/freezes/${body.id}`, { method: 'DELETE' });
    expect(namesIn(temporary)).toEqual([]);
  });

  it('answers each code of permafrost by whose fault it is, and says of its own nothing else', async () => {
    const source = `
      import { PermafrostError } from 'permafrost';
      import { answerable } from './examples/fastify-service/failures.mjs';
      const folder = '/secret/freeze-x';
      const errors = ${JSON.stringify(errorCodes)}.map((code) => new PermafrostError(code, folder + '/graph.pb, in ' + folder));
      const answers = [...errors, new TypeError(folder)].map((error) => answerable(error, folder));
      console.log(JSON.stringify(answers.map(({ statusCode, code = 'none', message }) => ({ statusCode, code, message }))));
    `;
    const { stdout } = await startNodeWith({}, '--input-type=module', '--eval', source).ended;
    const answers = JSON.parse(stdout) as { statusCode: number; code: string; message: string }[];
    const withStatus = (wanted: number): typeof answers => answers.filter(({ statusCode }) => statusCode === wanted);
    expect(new Set(withStatus(422).map(({ message }) => message))).toEqual(new Set(['graph.pb, in .']));
    expect(withStatus(503).map(({ code }) => code)).toEqual(['OUT_OF_MEMORY', 'ABORTED']);
    // Of these, the service asks for devices and statistics in no way.
    expect(withStatus(500).map(({ code }) => code)).toEqual([
      'FILE_NOT_FOUND',
      'READ_FAILED',
      'STATISTICS_AMBIGUOUS',
      'DEVICE_UNKNOWN',
      'DEVICE_PLUGIN_UNUSABLE',
      'PLACEMENT_CONTRADICTION',
      'WRITE_FAILED',
      'NATIVE_UNAVAILABLE',
      'none',
    ]);
    expect(answers.filter(({ message }) => message.includes('secret'))).toEqual([]);
  });

  it('takes no names that lead elsewhere, no fields that it does not know, and leaves nothing of them', async () => {
    for (const name of ['model.ckpt', 'model.index.html', 'a b.index', '.index']) {
      expect((await post(form({}, [name]))).status).toBe(400);
    }
    expect((await post(form({ output: 'y' }))).status).toBe(400);
    expect((await post(form({}, []))).status).toBe(400);
    expect(namesIn(temporary)).toEqual([]);
    const { body } = await post(form({}, ['../outside.index']));
    expect(namesIn(temporary)).toEqual([expect.stringMatching(/^freeze-/)]);
    await fetch(`${address}/freezes/${body.id}`, { method: 'DELETE' });
  });

  it('takes no form that is broken, or has a file twice', async () => {
    const twice = form();
    twice.append('graph', new Blob([graph]), 'graph.pb');
    expect(await post(twice)).toMatchObject({ status: 400, body: { error: expect.stringContaining("'graph.pb'") } });
    const headers = { 'content-type': 'multipart/form-data; boundary=B' };
    for (const body of [
      '',
      '--B\r\n',
      '--B\r\ncontent-disposition: form-data; name="graph"; filename="g"\r\n\r\nabc',
    ]) {
      expect((await fetch(`${address}/freezes`, { method: 'POST', headers, body })).status).toBe(400);
    }
    expect(namesIn(temporary)).toEqual([]);
  });

  it('takes a graph by its field, whatever the client calls the file', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=B' };
    for (const name of ['', '; filename=""', '; filename="model.index"']) {
      const files = [...checkpoint.map((each): [string, string] => [each, `checkpoint"; filename="${each}"`])];
      const parts = [...files, ['', `graph"${name}`] as const].map(([file, field]) => [
        Buffer.from(
          `--B\r\ncontent-disposition: form-data; name="${field}\r\ncontent-type: application/octet-stream\r\n\r\n`,
        ),
        file === '' ? graph : readFileSync(join(demo, file)),
        Buffer.from('\r\n'),
      ]);
      const outputs = Buffer.from('--B\r\ncontent-disposition: form-data; name="outputs"\r\n\r\nMean\r\n');
      const body = Buffer.concat([outputs, ...parts.flat(), Buffer.from('--B--\r\n')]);
      const answer = await fetch(`${address}/freezes`, { method: 'POST', headers, body });
      const { id } = (await answer.json()) as { id?: string };
      expect([answer.status, (await fetch(`${address}/freezes/${id}/graph`)).status]).toEqual([202, 200]);
      await fetch(`${address}/freezes/${id}`, { method: 'DELETE' });
    }
    expect(namesIn(temporary)).toEqual([]);
  });

  /** @returns when the service has begun to take it in. */
  async function sendNoMoreThanTheBeginning(to: string): Promise<Socket> {
    const { hostname: host, port } = new URL(to);
    const before = namesIn(temporary).length;
    const socket = connect({ host: host.replace(/[[\]]/g, ''), port: Number(port) }).on('error', () => {});
    socket.write('POST /freezes HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n');
    socket.write('content-type: multipart/form-data; boundary=B\r\n\r\n--B\r\n');
    await until(() => namesIn(temporary).length > before);
    return socket;
  }

  it('gives the place of an upload that does not go on to another', async () => {
    const brief = await started('--input-type=module', '--eval', narrow, '{"upload": 1000}');
    const socket = await sendNoMoreThanTheBeginning(brief);
    expect((await post(form(), brief)).status).toBe(503);
    await until(() => namesIn(temporary).length === 0);
    const { status, body } = await post(form(), brief);
    expect(status).toBe(202);
    await fetch(`${brief}/freezes/${body.id}`, { method: 'DELETE' });
    socket.destroy();
  });

  it('ends when it is told to, whoever is sending, and takes who goes away for no fault of its own', async () => {
    const patient = await started('--input-type=module', '--eval', narrow, '{}');
    const service = running.at(-1) as Running;
    (await sendNoMoreThanTheBeginning(patient)).destroy();
    await until(() => namesIn(temporary).length === 0);
    const socket = await sendNoMoreThanTheBeginning(patient);
    service.child.kill('SIGTERM');
    expect(await service.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(namesIn(temporary)).toEqual([]);
    socket.destroy();
  });

  it('has limits', async () => {
    const limited = await started('--input-type=module', '--eval', small);
    expect((await post(form(), limited)).status).toBe(503);
    const roomy = await started('--input-type=module', '--eval', small.replace('waiting: 0', 'waiting: 1'));
    expect(await post(form(), roomy)).toMatchObject({ status: 413 });
    expect(await post(form({ outputs: 'y,'.repeat(10_000) }))).toMatchObject({ status: 413 });
    expect(namesIn(temporary)).toEqual([]);
  });

  it('takes no more freezes than may wait, until one is deleted', async () => {
    const busy = await started('--input-type=module', '--eval', waitingForEver);
    const ids: (string | undefined)[] = [];
    for (const status of [202, 202, 503]) {
      const answer = await post(form(), busy);
      expect(answer.status).toBe(status);
      ids.push(answer.body.id);
    }
    await fetch(`${busy}/freezes/${ids[0]}`, { method: 'DELETE' });
    const { status, body } = await post(form(), busy);
    expect(status).toBe(202);
    for (const id of [ids[1], body.id]) await fetch(`${busy}/freezes/${id}`, { method: 'DELETE' });
    expect(namesIn(temporary)).toEqual([]);
  });

  it('freezes one after the other, and ends when it is told to with what it keeps', async () => {
    const single = await started('--input-type=module', '--eval', oneAtOnce);
    const service = running.at(-1) as Running;
    const answers = await Promise.all(Array.from({ length: 3 }, () => post(form(), single)));
    for (const { body } of answers) {
      expect((await fetch(`${single}/freezes/${body.id}/graph`)).status).toBe(200);
    }
    expect(namesIn(temporary)).toHaveLength(3);
    service.child.kill('SIGTERM');
    expect(await service.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(namesIn(temporary)).toEqual([]);
  });

  it('keeps what it has frozen for a while', async () => {
    const brief = await started('--input-type=module', '--eval', forgetful);
    const { body } = await post(form(), brief);
    await fetch(`${brief}/freezes/${body.id}/events`).then((events) => events.text());
    await until(() => namesIn(temporary).length === 0);
    expect((await fetch(`${brief}/freezes/${body.id}/graph`)).status).toBe(404);
  });

  it('takes no more uploads at once than may wait, and ends when it is told to, whoever listens', async () => {
    const busy = await started('--input-type=module', '--eval', waitingForEver);
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(form(), busy)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 503, 503, 503, 503]);
    const [one, other] = answers.flatMap(({ body }) => (body.id === undefined ? [] : [body.id]));
    const events = await Promise.all([one, other].map((id) => fetch(`${busy}/freezes/${id}/events`)));
    await fetch(`${busy}/freezes/${one}`, { method: 'DELETE' });
    expect(await events[0]?.text()).toContain('event: failed');
    const service = running.at(-1) as Running;
    service.child.kill('SIGTERM');
    expect(await events[1]?.text()).toContain('event: failed');
    expect(await service.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(namesIn(temporary)).toEqual([]);
  });
});
