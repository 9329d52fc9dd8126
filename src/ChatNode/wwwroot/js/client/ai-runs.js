import { Emitter } from './emitter.js';

const PLACE_MS = 2_000;

/** Adds a delta at its UTF-16 offset; undefined when something before it is missing. */
export function mergeDelta(text, off, delta) {
  if (off > text.length) return undefined;
  return off + delta.length <= text.length ? text : text + delta.slice(text.length - off);
}

/**
 * The assistant's answers while they grow. Emits `change` with the chat's id.
 * A run: {run, chat, by, kind, private, text, status, waiting, place, cites, after}; status `running` (`waiting` until a
 * worker has it, with its `place` in the queue once that is known), `done`, `cancelled`, `failed`.
 */
export class AiRuns extends Emitter {
  #request;
  #position;
  #runs = new Map();
  #posted = new Set();
  #mine = new Map();

  /** `position` tells where a chat stands, which is where a private answer is shown for good. */
  constructor(request, position) {
    super();
    this.#request = request;
    this.#position = position;
  }

  of(chat) {
    return [...this.#runs.values()].filter((r) => r.chat === chat);
  }

  async ask(chat, kind, { prompt, private: isPrivate } = {}) {
    const { run } = await this.#request('ai.ask', { chat, kind, prompt, private: isPrivate });
    return this.#asked(run, chat, kind, isPrivate ?? kind === 'catchup');
  }

  /** The same question once more; what is left of the old answer, if that was no message, makes room. */
  async again(chat, { run: old, kind, private: isPrivate = false }) {
    const { run } = await this.#request('ai.regenerate', { run: old });
    this.dismiss(old);
    return this.#asked(run, chat, kind, isPrivate);
  }

  #asked(run, chat, kind, isPrivate) {
    this.#mine.set(run, isPrivate);
    // Unless it began before this answer came, it waits for its turn.
    const waiting = !this.#runs.has(run);
    if (!this.#posted.has(run)) this.#update({ run, chat, kind, private: isPrivate, waiting });
    if (waiting) this.#watch(run);
    return run;
  }

  async cancel(run) {
    await this.#request('ai.cancel', { run }).catch((error) => {
      // It was over before the word got there.
      if (error.code !== 'not_found') throw error;
    });
  }

  dismiss(run) {
    const known = this.#runs.get(run);
    this.#runs.delete(run);
    if (known) this.emit('change', known.chat);
  }

  /** The answer became an ordinary message: its bubble takes over. */
  posted(run) {
    this.#posted.add(run);
    this.dismiss(run);
  }

  started({ chat, d }) {
    if (!this.#posted.has(d.run)) this.#update({ run: d.run, chat, by: d.by, kind: d.kind, waiting: false });
  }

  delta({ chat, d }) {
    if (this.#posted.has(d.run)) return;
    const run = this.#update({ run: d.run, chat }, false);
    if (run.status !== 'running') return;
    const text = mergeDelta(run.text, d.off, d.text);
    if (text === undefined) this.#catchUp(run);
    else if (text !== run.text) this.#update({ run: d.run, text, waiting: false });
  }

  ended({ chat, d }) {
    if (this.#posted.has(d.run)) return;
    const fields = { run: d.run, chat, status: d.status, cites: d.cites ?? [] };
    this.#update(d.text === undefined || d.text === null ? fields : { ...fields, text: d.text });
  }

  /** Asks for the place in the queue now and then, for as long as the run waits. */
  #watch(id) {
    setTimeout(async () => {
      const waits = () => this.#runs.get(id)?.waiting;
      if (!waits()) return;
      await this.#catchUp(this.#runs.get(id));
      if (waits()) this.#watch(id);
    }, PLACE_MS);
  }

  /** After a reconnect: what became of the runs that were under way. */
  refresh() {
    for (const run of this.#runs.values()) if (run.status === 'running') this.#catchUp(run);
  }

  async #catchUp(run) {
    if (run.catchingUp) return;
    run.catchingUp = true;
    try {
      const now = await this.#request('ai.snapshot', { run: run.run });
      const status = over.has(now.status) ? now.status : 'running';
      const text = now.text?.length > run.text.length ? now.text : run.text;
      const waiting = now.status === 'queued';
      const fields = { run: run.run, text, cites: now.cites ?? run.cites, status, waiting, place: now.place };
      if (this.#runs.has(run.run)) this.#update(fields);
    } catch (error) {
      if (error.code === 'not_found') this.dismiss(run.run);
    } finally {
      run.catchingUp = false;
    }
  }

  #update(fields, notify = true) {
    const run = Object.assign(this.#runs.get(fields.run) ?? this.#fresh(fields), fields);
    this.#runs.set(run.run, run);
    if (notify) this.emit('change', run.chat);
    return run;
  }

  #fresh({ run, chat }) {
    const isPrivate = this.#mine.get(run) ?? false;
    return { text: '', status: 'running', waiting: false, cites: [], private: isPrivate, after: this.#position(chat) ?? 0 };
  }
}

const over = new Set(['done', 'cancelled', 'failed']);
