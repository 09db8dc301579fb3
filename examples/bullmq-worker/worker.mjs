// Takes jobs from the queue and freezes, until it is told to end.
import { UnrecoverableError, Worker } from 'bullmq';
import { freeze, isPermafrostError } from 'permafrost';
import { connect, queueName } from './queue.mjs';

/** What may be otherwise the next time; all else that permafrost refuses stays refused. */
const passing = new Set(['READ_FAILED', 'WRITE_FAILED', 'OUT_OF_MEMORY', 'ABORTED']);

const ending = new AbortController();

async function freezeJob(job) {
  try {
    // Workers that take the same job over write to the same target: it is there whole, from one of them.
    return await freeze({
      ...job.data,
      signal: ending.signal,
      onProgress: (progress) => void job.updateProgress(progress).catch(() => {}),
    });
  } catch (error) {
    if (!isPermafrostError(error) || passing.has(error.code)) throw error;
    throw new UnrecoverableError(`${error.code}: ${error.message}`);
  }
}

const worker = new Worker(queueName, freezeJob, {
  connection: connect(),
  concurrency: Number(process.env.CONCURRENCY ?? 1),
});
worker.on('failed', (job, error) => console.error(`${job?.id}: ${error.message}`));
worker.on('completed', (job) => console.log(`${job.id}: ${job.data.out}`));

for (const name of ['SIGINT', 'SIGTERM']) {
  process.once(name, async () => {
    ending.abort();
    await worker.close();
    process.exit();
  });
}
