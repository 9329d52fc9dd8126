import { Emitter } from './client/emitter.js';
import { ProtocolError } from './client/protocol-error.js';
import { tokenLedger } from './token-ledger.js';

const KEY = 'chatai.session';
const EARLY_MS = 60_000;

/**
 * The tokens of this browser, shared by its tabs through localStorage. A refresh token works once and its reuse
 * revokes the device, so only one tab at a time may use it. Emits `token`, `ended`.
 */
export class Session extends Emitter {
  #api;
  #data = read();
  #timer = 0;
  #renewal = null;

  constructor(api) {
    super();
    this.#api = api;
    addEventListener('storage', (e) => (e.key === KEY || e.key === null) && this.#otherTab());
    this.#schedule();
  }

  get user() {
    return this.#data?.user ?? null;
  }

  set user(user) {
    this.#store({ ...this.#data, user });
  }

  async signIn({ phone, code, device, displayName }) {
    const body = { phone, code, device, ...(displayName ? { display_name: displayName } : {}) };
    await this.#keep(stamped(await this.#api.post('/v1/auth/token', body, { anonymous: true })));
  }

  /** An access token good for at least a little while. Rejects with code `signed_out`. */
  async token() {
    if (!this.#data) throw signedOut();
    const life = this.#data.expires_at - Date.now();
    return life > Math.min(EARLY_MS, this.#data.life_ms / 5) ? this.#data.access_token : this.renew();
  }

  renew() {
    this.#renewal ??= this.#renewOnce().finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  async signOut() {
    await this.#api.post('/v1/auth/logout', {}).catch(() => {});
    this.end('');
  }

  end(reason) {
    if (!this.#data) return;
    this.#data = null;
    clearTimeout(this.#timer);
    localStorage.removeItem(KEY);
    tokenLedger.clear();
    this.emit('ended', reason);
  }

  async #renewOnce() {
    if (!this.#data) throw signedOut();
    return withLock(async () => {
      const newest = await tokenLedger.read();
      if (!this.#data) throw signedOut();
      // Another tab was faster: its pair is ours too.
      if (newest?.user.id === this.user.id && newest.expires_at > this.#data.expires_at) return this.#adopt(newest);
      const used = this.#data;
      try {
        const body = { refresh_token: used.refresh_token };
        const pair = await this.#api.post('/v1/auth/refresh', body, { anonymous: true });
        // Signed out while the answer was under way.
        if (!this.#data) throw signedOut();
        await this.#keep(stamped({ ...pair, user: pair.user ?? used.user }));
        this.emit('token', this.#data.access_token);
        return this.#data.access_token;
      } catch (error) {
        if (error.status !== 400 && error.status !== 401 && error.status !== 403) throw error;
        this.end('Your sign-in has ended. Please sign in again.');
        throw signedOut();
      }
    });
  }

  // The ledger first: no tab may learn of a pair from localStorage that the ledger does not know.
  async #keep(data) {
    await tokenLedger.write(data);
    this.#store(data);
  }

  #otherTab() {
    const now = read();
    if (!now) this.end('');
    else if (this.#data && now.user?.id !== this.#data.user.id) location.reload();
    else if (this.#data && now.access_token !== this.#data.access_token) this.#adopt(now);
  }

  #adopt(data) {
    const known = data.access_token === this.#data?.access_token;
    this.#data = data;
    this.#schedule();
    if (!known) this.emit('token', data.access_token);
    return data.access_token;
  }

  #store(data) {
    this.#data = data;
    localStorage.setItem(KEY, JSON.stringify(data));
    this.#schedule();
  }

  #schedule() {
    clearTimeout(this.#timer);
    if (!this.#data) return;
    // Not all tabs at the same moment.
    const early = Math.min(EARLY_MS, this.#data.life_ms / 5) * (1 + Math.random() / 2);
    const wait = Math.max(1000, this.#data.expires_at - Date.now() - early);
    this.#timer = setTimeout(() => this.renew().catch(() => this.#schedule()), Math.min(wait, 2 ** 31 - 1));
  }
}

const signedOut = () => new ProtocolError('signed_out', 'Signed out.');

const stamped = (pair) => ({
  ...pair,
  life_ms: pair.expires_in * 1000,
  expires_at: Date.now() + pair.expires_in * 1000,
});

// Web Locks exist only on https and localhost; elsewhere the look at the ledger has to do.
const withLock = (work) => (navigator.locks ? navigator.locks.request('chatai.refresh', work) : work());

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}
