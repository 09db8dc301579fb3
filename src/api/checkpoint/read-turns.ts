import { jobsAtOnce } from '../aside/pool-threads.js';
import { Turns } from '../aside/turns.js';

/** All open checkpoints of a thread of JavaScript share the threads of the core that read. */
export const readTurns: Turns = new Turns(jobsAtOnce(process.env));
