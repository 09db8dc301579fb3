// The routes. What a user did wrong is answered with 4xx, permafrost's code and its message, which says what to do; what the
// service cannot do with 5xx and no more than that.
import { createReadStream } from 'node:fs';
import multipart from '@fastify/multipart';
import Fastify from 'fastify';
import { sendEvents } from './events.mjs';
import { answerable } from './failures.mjs';
import { Freezes } from './freezes.mjs';
import { takeUpload } from './uploads.mjs';

export const defaultLimits = {
  /** Bytes of one file, and how many there may be. */
  fileSize: 2 ** 31,
  files: 66,
  /** Freezes under way, and those that wait for one to end. */
  atOnce: 2,
  waiting: 20,
  /** Megabytes that one may take for its graph; the weights need none. */
  heap: 1_024,
  /** Milliseconds: how long an upload may take, and a freeze, and how long what came of it is kept. */
  upload: 600_000,
  patience: 300_000,
  keep: 3_600_000,
};

export async function service(limits = {}) {
  const { fileSize, files, upload, ...others } = { ...defaultLimits, ...limits };
  // Who sends a byte now and then would keep a place for ever; Fastify lets them, where nothing else is said.
  const http = { requestTimeout: upload, connectionsCheckingInterval: Math.min(upload, 30_000) };
  // At the end, it does not wait for whoever is still sending, or takes in slowly.
  const app = Fastify({ requestTimeout: upload, http, forceCloseConnections: true });
  const freezes = new Freezes(others);
  // Not `onClose`, when those who listen to events are gone.
  app.addHook('preClose', () => freezes.close());
  await app.register(multipart, { limits: { fileSize, files, fields: 10, fieldSize: 10_000 } });

  app.post('/freezes', async (request, reply) => {
    const id = await freezes.begin(() => takeUpload(request));
    if (id === undefined) return reply.code(503).header('retry-after', '10').send({ error: 'Too many freezes wait.' });
    return reply.code(202).send({ id });
  });

  app.get('/freezes/:id/events', (request, reply) => sendEvents(reply, find(request).log));

  app.get('/freezes/:id/graph', async (request, reply) => {
    const { report } = await find(request).done;
    return reply.type('application/octet-stream').header('content-length', report.bytes).send(createReadStream(report.out));
  });

  app.delete('/freezes/:id', async (request, reply) => {
    await freezes.remove(find(request));
    return reply.code(204).send();
  });

  app.setErrorHandler((error, _request, reply) => {
    const isForeseen = error.statusCode !== undefined;
    const { statusCode, code, message } = isForeseen ? error : answerable(error);
    if (!isForeseen) console.error(error);
    return reply.code(statusCode).send({ code, error: message });
  });

  function find({ params }) {
    const found = freezes.get(params.id);
    if (found) return found;
    throw Object.assign(new Error(`There is no freeze ${params.id}.`), { statusCode: 404 });
  }

  return app;
}
