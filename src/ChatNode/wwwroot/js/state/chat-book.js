import { reset } from './history.js';

const PAGE = 20;

/** The person's conversations: pages of the list, details read when needed, newest first. */
export class ChatBook {
  #client;
  #people;
  #changed;
  #chats = new Map();
  #next = null;
  #loading = new Map();
  ready = false;

  constructor({ client, people, changed }) {
    this.#client = client;
    this.#people = people;
    this.#changed = changed;
  }

  get = (id) => this.#chats.get(id);

  get hasMore() {
    return this.#next !== null;
  }

  /** Pinned first, then by the last message. */
  get sorted() {
    const rank = (c) => (c.pinned ? 1 : 0);
    return [...this.#chats.values()].sort(
      (a, b) => rank(b) - rank(a) || (b.last_message_at ?? '').localeCompare(a.last_message_at ?? ''),
    );
  }

  get unread() {
    return [...this.#chats.values()].filter((c) => !c.muted && !c.archived).reduce((n, c) => n + (c.unread ?? 0), 0);
  }

  async loadFirst() {
    const page = await this.#client.request('chat.list', { limit: PAGE });
    if (!this.ready) this.#next = page.next ?? null;
    this.ready = true;
    this.#take(page.chats);
  }

  async loadMore() {
    if (!this.#next) return;
    const page = await this.#client.request('chat.list', { limit: PAGE, before: this.#next });
    this.#next = page.next ?? null;
    this.#take(page.chats);
  }

  /** Details with members; calls at the same time share one answer. */
  load(id) {
    if (!this.#loading.has(id)) {
      const answer = this.#client.request('chat.get', { chat: id }).then((chat) => this.put(chat));
      this.#loading.set(
        id,
        answer.finally(() => this.#loading.delete(id)),
      );
    }
    return this.#loading.get(id);
  }

  put(data) {
    const chat = this.#chats.get(data.id) ?? blank(data.id);
    const { head = 0, read = 0, members, peer, last_message_at, last_message_preview, unread, ...fields } = data;
    // An answer that was read before an event we already have must not take the list back.
    const current = head >= chat.head ? { last_message_at, last_message_preview, unread } : {};
    Object.assign(chat, fields, current, { head: Math.max(head, chat.head), read: Math.max(read, chat.read) });
    if (chat.read >= chat.head) chat.unread = 0;
    if (members) chat.members = members;
    if (peer) {
      chat.peer = typeof peer === 'string' ? peer : (peer.id ?? peer.user);
      if (peer.display_name) this.#people.learn({ ...peer, id: chat.peer });
    }
    this.#chats.set(chat.id, chat);
    this.#client.seed(chat.id, head);
    if (head > (data.recv ?? 0)) this.#client.acks.raise(chat.id, { recv: head });
    this.#changed();
    return chat;
  }

  forget(id) {
    this.#chats.delete(id);
    this.#client.forget(id);
  }

  forgetAll() {
    this.#chats.clear();
    this.#next = null;
    this.ready = false;
  }

  #take(chats) {
    for (const chat of chats) this.put(chat);
    this.#changed();
  }
}

function blank(id) {
  const chat = { id, head: 0, read: 0, unread: 0, members: null };
  reset(chat);
  return chat;
}
