import { Acks } from './client/acks.js';
import { AiRuns } from './client/ai-runs.js';
import { Connection } from './client/connection.js';
import { Emitter } from './client/emitter.js';
import { Outbox } from './client/outbox.js';
import { Timeline } from './client/timeline.js';
import { TypingSignal } from './client/typing.js';

const TOO_FAR_BEHIND = 1000;

/**
 * A client of protocol v1 without any page: connects, resumes, sends, and hands out every durable event of every
 * chat once and in order. Emits
 *   `state`     of the connection, see Connection
 *   `welcome`   {ok, fresh}: after every hello; `fresh` when nothing known before may be trusted any more
 *   `event`     a durable event, in order
 *   `signal`    an ephemeral event (typing, presence, receipt, …)
 *   `unknown`   the id of a chat that has events but was never read: read it and call `seed`
 *   `stale`     {chat, head}: too many events were missed, read the chat anew
 *   `gone`      the id of a chat that the server no longer shows us
 */
export class ChatClient extends Emitter {
  #connection;
  #timeline = new Timeline();
  #syncing = new Map();
  #epoch = null;

  /** `session` gives `token()`, `renew()` and `user`; `storage` is a Web Storage. */
  constructor({ url, session, storage, device, client = 'web/1' }) {
    super();
    const request = (op, d, timeoutMs) => this.#connection.request(op, d, timeoutMs);
    this.outbox = new Outbox({ storage, user: session.user.id, send: (d) => request('message.send', d) });
    this.runs = new AiRuns(request, (chat) => this.#timeline.position(chat));
    this.acks = new Acks(request);
    this.typing = new TypingSignal((op, d) => this.#connection.notify(op, d));
    this.#connection = new Connection({
      url,
      renew: () => session.renew(),
      hello: async () => ({ token: await session.token(), device, client, ...this.#resume() }),
    });
    this.#connection.on('state', (state) => this.emit('state', state));
    this.#connection.on('signed-out', (why) => this.emit('signed-out', why));
    this.#connection.on('welcome', (ok) => this.#welcome(ok));
    this.#connection.on('frame', (frame) => this.#receive(frame));
  }

  get state() {
    return this.#connection.state;
  }

  start = () => this.#connection.start();
  stop = () => this.#connection.stop();
  retryNow = () => this.#connection.retryNow();
  request = (op, d, timeoutMs) => this.#connection.request(op, d, timeoutMs);

  /** The live socket outlives its first token only with this. */
  useToken(token) {
    if (this.#connection.online) this.request('token.refresh', { token }).catch(() => {});
  }

  position = (chat) => this.#timeline.position(chat);

  /** A chat was read at `head`: events after it are delivered from now on. */
  seed(chat, head) {
    const before = this.#timeline.position(chat);
    this.#deliver(this.#timeline.seed(chat, head));
    if ((before !== undefined && head > before) || this.#timeline.hasGap(chat)) this.sync(chat);
  }

  forget = (chat) => this.#timeline.forget(chat);

  /** Reads what is missing after our position; one reader a chat at a time. */
  sync(chat) {
    if (!this.#syncing.has(chat)) {
      const reader = this.#readMissing(chat).finally(() => this.#syncing.delete(chat));
      this.#syncing.set(chat, reader);
    }
    return this.#syncing.get(chat);
  }

  async #readMissing(chat) {
    try {
      for (let more = true; more;) {
        const after = this.#timeline.position(chat) ?? 0;
        const page = await this.request('sync.get', { chat, after, limit: 200 });
        if (page.head - after > TOO_FAR_BEHIND) {
          this.#deliver(this.#timeline.skipTo(chat, page.head));
          this.emit('stale', { chat, head: page.head });
          return;
        }
        more = page.has_more && page.events.length > 0;
        this.#deliver(this.#timeline.accept(chat, page.events, more ? undefined : page.head));
      }
    } catch (error) {
      // Anything else is repaired by the next event or the resume of the next connection.
      if (error.code === 'not_found' || error.code === 'forbidden') this.emit('gone', chat);
    }
  }

  #resume() {
    const chats = this.#timeline.positions();
    return this.#epoch && Object.keys(chats).length ? { resume: { epoch: this.#epoch, chats } } : {};
  }

  #welcome(ok) {
    const fresh = (this.#epoch !== null && ok.epoch !== this.#epoch) || ok.resume?.ok === false;
    if (fresh) this.#timeline.clear();
    this.#epoch = ok.epoch ?? null;
    this.emit('welcome', { ok, fresh });
    for (const [chat, { limited }] of Object.entries((!fresh && ok.resume?.chats) || {})) if (limited) this.sync(chat);
    this.acks.flush();
    this.outbox.flush();
    this.runs.refresh();
  }

  #receive(frame) {
    if (frame.seq !== undefined && frame.chat) this.#offer(frame);
    else this.#signal(frame);
  }

  #offer(event) {
    const { ready, missing } = this.#timeline.offer(event);
    this.#deliver(ready);
    if (missing === 'gap') this.sync(event.chat);
    else if (missing === 'unknown') this.emit('unknown', event.chat);
  }

  #deliver(events) {
    for (const event of events) {
      if (event.ev === 'message.created' && event.d.run) this.runs.posted(event.d.run);
      this.emit('event', event);
    }
  }

  #signal(frame) {
    if (frame.ev === 'ai.started') this.runs.started(frame);
    else if (frame.ev === 'ai.delta') this.runs.delta(frame);
    else if (frame.ev === 'ai.ended') this.runs.ended(frame);
    if (frame.ev === 'inbox' && frame.chat) this.#inbox(frame);
    this.emit('signal', frame);
  }

  // `inbox` stands for events that did not fit into the socket's queue: pull them.
  #inbox({ chat, d }) {
    const at = this.#timeline.position(chat);
    if (at === undefined) this.emit('unknown', chat);
    else if (d.head > at) this.sync(chat);
  }
}
