import { backoff } from './backoff.js';
import { afterClose, closeReason } from './close-codes.js';
import { Emitter } from './emitter.js';
import { ProtocolError } from './protocol-error.js';
import { Requests } from './requests.js';

const STABLE_MS = 10_000;

/**
 * One logical connection over many sockets. Emits `state` ({name, retryAt?, code?, reason?}), `frame` (events),
 * `welcome` (the answer to `hello`) and `signed-out` (4501 that a fresh token does not cure, 4503).
 */
export class Connection extends Emitter {
  #url;
  #hello;
  #renew;
  #socket = null;
  #requests = null;
  #attempt = 0;
  #timer = 0;
  #watchdog = 0;
  #silenceMs = 35_000;
  #onlineSince = 0;
  #renewed = false;
  state = { name: 'idle' };

  /** `hello` makes the d of the hello op (and may reject with code `signed_out`); `renew` gets a fresh token. */
  constructor({ url, hello, renew }) {
    super();
    this.#url = url;
    this.#hello = hello;
    this.#renew = renew;
  }

  get online() {
    return this.state.name === 'online';
  }

  start() {
    if (this.state.name === 'idle' || this.state.name === 'stopped') this.#connect();
  }

  stop() {
    this.#drop();
    this.#enter({ name: 'idle' });
  }

  retryNow() {
    if (this.state.name === 'waiting' || this.state.name === 'stopped') this.#connect();
  }

  request(op, d, timeoutMs) {
    return this.online ? this.#requests.send(op, d, timeoutMs) : Promise.reject(ProtocolError.disconnected());
  }

  notify(op, d) {
    if (this.online) this.#write({ op, d });
  }

  async #connect() {
    clearTimeout(this.#timer);
    this.#enter({ name: 'connecting' });
    let hello;
    try {
      hello = await this.#hello();
    } catch (error) {
      if (error.code === 'signed_out') this.#signOut(4501);
      else this.#scheduleRetry();
      return;
    }
    if (this.state.name !== 'connecting') return;
    const socket = new WebSocket(this.#url, 'chat.v1.json');
    this.#socket = socket;
    this.#requests = new Requests((frame) => this.#write(frame));
    socket.onopen = () => this.#greet(socket, hello);
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = ({ code }) => this.#closed(socket, code);
    this.#watch();
  }

  async #greet(socket, hello) {
    try {
      const ok = await this.#requests.send('hello', hello);
      if (socket !== this.#socket) return;
      this.#onlineSince = Date.now();
      this.#renewed = false;
      this.#silenceMs = (ok.ping_ms ?? 25_000) + (ok.pong_ms ?? 10_000);
      this.#requests.limit = Math.max(1, Math.floor((ok.limits?.inflight ?? 64) / 2));
      this.#enter({ name: 'online' });
      this.emit('welcome', ok);
    } catch (error) {
      if (socket !== this.#socket) return;
      if (error.code === 'token_expired' || error.code === 'unauthenticated') this.#closed(socket, 4501);
      else if (error.code !== 'disconnected') this.#closed(socket, 1006);
    }
  }

  #receive(socket, data) {
    if (socket !== this.#socket) return;
    this.#watch();
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame.re !== undefined) this.#requests.answer(frame);
    else if (frame.ev === 'drain') this.#drain(frame.d?.within_ms ?? 5000);
    else if (frame.ev) this.emit('frame', frame);
    else this.#write({});
  }

  /** Leave a draining node at a moment of our own choosing, so that not everyone leaves at once. */
  #drain(withinMs) {
    const socket = this.#socket;
    setTimeout(() => socket === this.#socket && this.#closed(socket, 4001), Math.random() * withinMs * 0.8);
  }

  async #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#drop();
    if (Date.now() - this.#onlineSince > STABLE_MS) this.#attempt = 0;
    const next = afterClose(code);
    if (next === 'reconnect') this.#scheduleRetry();
    else if (next === 'stop') this.#enter({ name: 'stopped', code, reason: closeReason(code) });
    else if (code === 4501 && !this.#renewed) await this.#renewAndRetry();
    else this.#signOut(code);
  }

  // A socket outlives its token when the machine slept; one fresh token is worth a try before the sign-in page.
  async #renewAndRetry() {
    this.#renewed = true;
    this.#enter({ name: 'connecting' });
    try {
      await this.#renew();
      this.#connect();
    } catch (error) {
      if (error.code === 'signed_out') this.#signOut(4501);
      else this.#scheduleRetry();
    }
  }

  #signOut(code) {
    this.#enter({ name: 'stopped', code, reason: closeReason(code) });
    this.emit('signed-out', { code, reason: closeReason(code) });
  }

  #scheduleRetry() {
    const delay = backoff(this.#attempt++);
    this.#enter({ name: 'waiting', retryAt: Date.now() + delay });
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  #write(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  // A half-open socket never closes by itself: silence for a ping and a pong means that the other side is gone.
  #watch() {
    clearTimeout(this.#watchdog);
    const socket = this.#socket;
    this.#watchdog = setTimeout(() => this.#closed(socket, 4002), this.#silenceMs);
  }

  #drop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    const [socket, requests] = [this.#socket, this.#requests];
    this.#socket = null;
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close(1000);
    requests?.failAll();
  }

  #enter(state) {
    this.state = state;
    this.emit('state', state);
  }
}
