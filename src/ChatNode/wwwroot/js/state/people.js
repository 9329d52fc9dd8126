const REPOLL_MS = 30_000;

/** Names and presence of people, read when first needed. `changed` is called after news. */
export class People {
  #api;
  #users = new Map();
  #presence = new Map();
  #asked = new Map();
  #blocked = new Set();
  #changed;
  aiUser = '00000000-0000-0000-0000-0000000000a1';

  constructor(api, changed) {
    this.#api = api;
    this.#changed = changed;
    this.learn({ id: this.aiUser, display_name: 'AI' });
  }

  learn(user) {
    if (user?.id) this.#users.set(user.id, { ...this.#users.get(user.id), ...user });
  }

  /** The user as far as known; asks the server once for a stranger. */
  get(id) {
    const known = this.#users.get(id);
    if (!known?.display_name) this.#ask(id);
    return known ?? { id };
  }

  name(id) {
    const user = this.get(id);
    return user.display_name || user.phone_number || '…';
  }

  async #ask(id, attempt = 0) {
    if (!id || (this.#asked.has(id) && !attempt)) return;
    this.#asked.set(id, true);
    try {
      this.learn(await this.#api.get(`/v1/users/${encodeURIComponent(id)}`));
      this.#changed();
    } catch (error) {
      if (error.retry && attempt < 5)
        setTimeout(() => this.#ask(id, attempt + 1), error.afterMs || 2000 * (attempt + 1));
      else if (error.status === 404) this.learn({ id, display_name: 'Unknown' });
    }
  }

  isBlocked(id) {
    return this.#blocked.has(id);
  }

  noteBlocked({ user, on }) {
    if (on) this.#blocked.add(user);
    else this.#blocked.delete(user);
    this.#changed();
  }

  /** Whom the signed-in person blocks; `blocked` events keep it current. */
  async loadBlocked() {
    const { blocks } = await this.#api.get('/v1/blocks');
    this.#blocked = new Set(blocks.map((b) => b.user));
    this.#changed();
  }

  presence(id) {
    return this.#presence.get(id);
  }

  notePresence({ user, online, last_active_at }) {
    this.#presence.set(user, {
      online,
      last_active_at: last_active_at ?? this.#presence.get(user)?.last_active_at,
      at: Date.now(),
    });
    this.#changed();
  }

  /** Asks for presence unless it was told or asked a moment ago. */
  async refreshPresence(request, ids) {
    const old = ids.filter((id) => id !== this.aiUser && Date.now() - (this.#presence.get(id)?.at ?? 0) > REPOLL_MS);
    if (!old.length) return;
    const { users } = await request('presence.get', { users: old });
    for (const presence of users) this.notePresence(presence);
  }
}
