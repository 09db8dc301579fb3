import type { MessagePort } from 'node:worker_threads';

/**
 * How long a worker stays when it is done, in milliseconds. The engine may still compile for it on threads of its own, and to
 * end a worker meanwhile can end the process: Node 20 forgets a worker before it waits for those threads
 * (`NodePlatform::ForIsolate`). A compilation takes some milliseconds.
 */
const calm = 200;

/** With its port closed nothing keeps a worker, and it ends. */
export function closeWhenCalm(port: MessagePort): void {
  setTimeout(() => port.close(), calm);
}
