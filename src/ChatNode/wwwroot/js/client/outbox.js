import { Emitter } from './emitter.js';

/**
 * Messages that are not acknowledged yet. Each is written to storage before it is sent and keeps its `cid`
 * until the server's answer, so a reconnect or a reload sends it again and the server answers `dup`.
 * Within a chat they go one after the other, in the order they were written. Emits `change`, `sent`, `failed`.
 */
export class Outbox extends Emitter {
  #storage;
  #prefix;
  #send;
  #entries = new Map();
  #busy = new Set();

  constructor({ storage, user, send }) {
    super();
    this.#storage = storage;
    this.#prefix = `chatai.outbox.${user}.`;
    this.#send = send;
    this.#load();
  }

  of(chat) {
    return [...this.#entries.values()].filter((e) => e.chat === chat);
  }

  get size() {
    return this.#entries.size;
  }

  /** `attachments` as the server answered them when they were uploaded. */
  add({ chat, text, reply_to, attachments }) {
    const cid = crypto.randomUUID?.() ?? uuid();
    const entry = { cid, chat, text, reply_to, attachments, at: Date.now(), state: 'queued' };
    this.#put(entry);
    this.#pump(chat);
    return entry;
  }

  flush() {
    for (const chat of new Set([...this.#entries.values()].map((e) => e.chat))) this.#pump(chat);
  }

  retry(cid) {
    const entry = this.#entries.get(cid);
    if (!entry) return;
    this.#put({ ...entry, state: 'queued', error: undefined });
    this.#pump(entry.chat);
  }

  discard(cid) {
    const entry = this.#entries.get(cid);
    this.#entries.delete(cid);
    this.#storage.removeItem(this.#prefix + cid);
    if (entry) this.emit('change', entry.chat);
  }

  clear() {
    for (const cid of [...this.#entries.keys()]) this.discard(cid);
  }

  async #pump(chat) {
    if (this.#busy.has(chat)) return;
    this.#busy.add(chat);
    let again = 0;
    try {
      for (let entry; (entry = this.of(chat).find((e) => e.state === 'queued'));) {
        again = await this.#deliver(entry);
        if (again) break;
      }
    } finally {
      this.#busy.delete(chat);
    }
    if (again > 0) setTimeout(() => this.#pump(chat), again);
  }

  /** 0 when the entry is settled, else how long to wait before the next try; -1 is "until connected again". */
  async #deliver(entry) {
    const { cid, chat, text, reply_to } = entry;
    const files = entry.attachments?.length ? { attachments: entry.attachments.map((a) => a.id) } : {};
    try {
      const ok = await this.#send({ chat, cid, text, ...(reply_to ? { reply_to } : {}), ...files });
      this.discard(cid);
      this.emit('sent', { entry, ok });
      return 0;
    } catch (error) {
      if (error.code === 'disconnected') return -1;
      if (error.retry) return error.afterMs || 1000 + Math.random() * 1000;
      this.#put({ ...entry, state: 'failed', error: error.message });
      this.emit('failed', { entry, error });
      return 0;
    }
  }

  #put(entry) {
    this.#entries.set(entry.cid, entry);
    this.#storage.setItem(this.#prefix + entry.cid, JSON.stringify(entry));
    this.emit('change', entry.chat);
  }

  #load() {
    const keys = Array.from({ length: this.#storage.length }, (_, i) => this.#storage.key(i));
    const found = keys.filter((k) => k.startsWith(this.#prefix)).map((k) => parse(this.#storage.getItem(k)));
    for (const entry of found.filter(Boolean).sort((a, b) => a.at - b.at)) this.#entries.set(entry.cid, entry);
  }
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

// crypto.randomUUID exists only on https and localhost.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
