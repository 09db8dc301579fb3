// What workers and those who add jobs agree on.
import { Redis } from 'ioredis';

export const queueName = 'freezes';

export function connect() {
  // BullMQ's workers wait for jobs as long as it takes.
  return new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', { maxRetriesPerRequest: null });
}
