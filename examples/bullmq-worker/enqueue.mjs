// Adds a job, waits for it, and prints how many bytes came of it.
import { Queue, QueueEvents } from 'bullmq';
import { connect, queueName } from './queue.mjs';

const options = JSON.parse(process.argv[2] ?? '{}');
const queue = new Queue(queueName, { connection: connect() });
// From the first that Redis still has: what happens before these begin to listen would be missed otherwise, and waited for.
const events = new QueueEvents(queueName, { connection: connect(), lastEventId: '0' });
try {
  const retries = { attempts: 5, backoff: { type: 'exponential', delay: 1000 } };
  const kept = { removeOnComplete: { age: 3600 }, removeOnFail: { age: 86_400 } };
  const job = await queue.add('freeze', options, { ...retries, ...kept });
  const report = await job.waitUntilFinished(events);
  console.log(`${report.out}: ${report.bytes} bytes, ${report.variables.length} variables`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await Promise.all([queue.close(), events.close()]);
  process.exit();
}
