import { ProtocolError } from './protocol-error.js';

/** Requests in flight on one socket: numbers them, matches answers, keeps below the server's `inflight`. */
export class Requests {
  #write;
  #nextId = 1;
  #pending = new Map();
  #waiting = [];
  limit = 32;

  constructor(write) {
    this.#write = write;
  }

  send(op, d, timeoutMs = 20_000) {
    return new Promise((resolve, reject) => {
      const request = { op, d, timeoutMs, resolve, reject };
      if (this.#pending.size < this.limit) this.#start(request);
      else this.#waiting.push(request);
    });
  }

  #start({ op, d, timeoutMs, resolve, reject }) {
    const id = this.#nextId++;
    const timer = setTimeout(
      () => this.#settle(id, (r) => r.reject(new ProtocolError('timeout', 'No answer in time.', { retry: true }))),
      timeoutMs,
    );
    this.#pending.set(id, { resolve, reject, timer });
    this.#write({ id, op, d });
  }

  answer(frame) {
    this.#settle(frame.re, (r) => (frame.err ? r.reject(ProtocolError.from(frame.err)) : r.resolve(frame.ok ?? {})));
  }

  #settle(id, how) {
    const request = this.#pending.get(id);
    if (!request) return;
    this.#pending.delete(id);
    clearTimeout(request.timer);
    how(request);
    if (this.#waiting.length) this.#start(this.#waiting.shift());
  }

  failAll() {
    const all = [...this.#pending.values(), ...this.#waiting];
    this.#pending.clear();
    this.#waiting = [];
    for (const { timer, reject } of all) {
      clearTimeout(timer);
      reject(ProtocolError.disconnected());
    }
  }
}
