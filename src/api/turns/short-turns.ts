import { jobsAtOnce } from './pool-threads.js';
import { Turns } from './turns.js';

/**
 * For what takes a thread of libuv's pool for milliseconds: a checkpoint that is opened (of version 1, longer), a stretch of a
 * tensor that is read or verified, a piece of a graph that goes to a stream. All of these in a thread of JavaScript share them.
 */
export const shortTurns: Turns = new Turns(jobsAtOnce(process.env));
