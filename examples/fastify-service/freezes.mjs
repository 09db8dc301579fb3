// Every freeze that the service knows: some are under way, some wait, some are over and kept for a while.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { freezeApart } from './apart.mjs';
import { EventLog } from './events.mjs';
import { answerable } from './failures.mjs';

export class Freezes {
  #limits;
  #known = new Map();
  #uploads = 0;
  #waiting = [];
  #underWay = 0;
  #isClosed = false;

  constructor(limits) {
    this.#limits = limits;
  }

  get(id) {
    return this.#known.get(id);
  }

  /**
   * @param takeUpload is called where there is a place, which is kept meanwhile.
   * @returns the freeze's id; undefined where there is no place.
   */
  async begin(takeUpload) {
    if (this.#uploads + this.#waiting.length >= this.#limits.waiting) return undefined;
    this.#uploads++;
    try {
      return await this.#add(await takeUpload());
    } finally {
      this.#uploads--;
    }
  }

  async #add({ folder, options }) {
    if (this.#isClosed) {
      await rm(folder, { recursive: true, force: true });
      throw Object.assign(new Error('The service ends.'), { statusCode: 503 });
    }
    const id = randomUUID();
    const abort = new AbortController();
    const one = { id, folder, options, abort, log: new EventLog() };
    one.done = new Promise((resolve, reject) => {
      Object.assign(one, { resolve, reject });
    });
    // Whoever asks for the graph hears of a failure, and the log tells it; it is no unhandled one.
    one.done.catch(() => {});
    this.#known.set(id, one);
    this.#waiting.push(one);
    this.#next();
    return id;
  }

  /** Ends it if it is under way, and forgets it with its files. */
  async remove(one) {
    this.#known.delete(one.id);
    this.#waiting = this.#waiting.filter((each) => each !== one);
    one.abort.abort();
    clearTimeout(one.timer);
    const removed = Object.assign(new Error('The freeze was removed.'), { statusCode: 410 });
    one.reject(removed);
    // Of one that waits nobody else tells those who listen that it is over.
    if (one.running) await one.running;
    else one.log.end('failed', { error: removed.message });
    await rm(one.folder, { recursive: true, force: true });
  }

  async close() {
    this.#isClosed = true;
    await Promise.all([...this.#known.values()].map((one) => this.remove(one)));
  }

  #next() {
    if (this.#underWay >= this.#limits.atOnce) return;
    const one = this.#waiting.shift();
    if (!one) return;
    this.#underWay++;
    one.running = this.#run(one).finally(() => {
      this.#underWay--;
      this.#next();
    });
    this.#next();
  }

  async #run(one) {
    const { options, abort, log } = one;
    const { patience, heap } = this.#limits;
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(patience)]);
    const onProgress = (progress) => log.add('progress', progress);
    try {
      const report = await freezeApart({ ...options, signal, onProgress, heap });
      one.resolve({ report });
      log.end('done', { bytes: report.bytes, variables: report.variables });
    } catch (error) {
      const failure = answerable(error, one.folder);
      // One that was removed has ended because of that.
      if (failure.statusCode >= 500 && this.#known.has(one.id)) console.error(error);
      one.reject(failure);
      log.end('failed', { code: failure.code, error: failure.message });
    }
    if (this.#known.has(one.id)) one.timer = setTimeout(() => this.remove(one), this.#limits.keep);
  }
}
