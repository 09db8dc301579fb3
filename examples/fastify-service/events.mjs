// Server-sent events. A client that comes late, or again, is told what there was before.

/** Old progress says nothing that newer progress does not. */
export class EventLog {
  #last;
  #ended = false;
  #listeners = new Set();

  add(name, data) {
    this.#last = `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const listener of this.#listeners) listener(this.#last, this.#ended);
  }

  end(name, data) {
    this.#ended = true;
    this.add(name, data);
    this.#listeners.clear();
  }

  /** @returns what ends the listening. */
  listen(listener) {
    this.#listeners.add(listener);
    if (this.#last) listener(this.#last, this.#ended);
    return () => this.#listeners.delete(listener);
  }
}

export function sendEvents(reply, log) {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  raw.flushHeaders();
  const leave = log.listen((event, isLast) => {
    raw.write(event);
    if (isLast) raw.end();
  });
  raw.on('close', leave);
}
