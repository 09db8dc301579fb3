import { jobsAtOnce } from './pool-threads.js';
import { Turns } from './turns.js';

/** For freezes, and for all else that has a worker of its own. All of these in a thread of JavaScript share them. */
export const longTurns: Turns = new Turns(jobsAtOnce(process.env));
