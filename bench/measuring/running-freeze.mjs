// A program that freezes with the API, and prints how long its own thread had to wait for it.
//
//   running-freeze.mjs stall GRAPH CHECKPOINT OUTPUT OUT        the longest stall of its event loop, in seconds
//   running-freeze.mjs abort GRAPH CHECKPOINT OUTPUT OUT PART   from abort() to the rejection, in seconds, after that part
//                                                               of the time that a whole freeze takes
import { rmSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { freeze } from '../../dist/index.js';

/** Milliseconds. What is measured has them in it, so it is never too little. */
const resolution = 1;

const [measure, graph, checkpoint, outputs, out, part] = process.argv.slice(2);
const options = { graph, checkpoint, outputs, out };
console.log(measure === 'stall' ? await longestStall() : await timeToReject(Number(part)));

async function longestStall() {
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  // What loading this program has cost is not meant.
  await setTimeout(50);
  delay.reset();
  await freeze(options);
  // So that the last stall is seen too.
  await setTimeout(50);
  return delay.max / 1e9;
}

async function timeToReject(fraction) {
  const start = performance.now();
  await freeze(options);
  const whole = performance.now() - start;
  rmSync(out);
  const controller = new AbortController();
  const ended = freeze({ ...options, signal: controller.signal }).then(
    () => undefined,
    (error) => error,
  );
  await setTimeout(whole * fraction);
  const aborted = performance.now();
  controller.abort();
  const error = await ended;
  if (error?.code !== 'ABORTED') throw error ?? new Error(`The freeze had ended before ${fraction} of its time.`);
  return (performance.now() - aborted) / 1000;
}
