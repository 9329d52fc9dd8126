import { isLine, putMessage } from './chat-events.js';

const PAGE = 50;

/** Reads a chat's past in pages around what is shown: `messages` is one unbroken stretch, open at either end. */
export class History {
  #request;
  #busy = new Set();

  constructor(request) {
    this.#request = request;
  }

  async loadLatest(chat) {
    await this.#once(chat, 'latest', async () => {
      const page = await this.#page(chat, {});
      if (chat.hasNewer) toLive(chat);
      this.#put(chat, page.messages);
      if (!chat.loaded) chat.hasOlder = page.has_more;
      chat.loaded = true;
      chat.lastSeq = Math.max(chat.lastSeq ?? 0, newest(chat));
      await this.#fillLines(chat, page.messages, page.has_more);
    });
  }

  async loadOlder(chat) {
    if (!chat.loaded || !chat.hasOlder) return;
    await this.#once(chat, 'older', async () => {
      const page = await this.#page(chat, { before: oldest(chat) });
      this.#put(chat, page.messages);
      chat.hasOlder = page.has_more;
      await this.#fillLines(chat, page.messages, page.has_more);
    });
  }

  async loadNewer(chat) {
    if (!chat.loaded || !chat.hasNewer) return;
    await this.#once(chat, 'newer', async () => {
      const page = await this.#page(chat, { after: newest(chat) });
      this.#put(chat, page.messages);
      if (!page.has_more) joinTail(chat);
    });
  }

  /** Makes `seq` part of what is shown; true when the message exists. Far away it moves the window there. */
  async reach(chat, seq) {
    if (chat.messages.has(seq)) return true;
    const page = await this.#page(chat, { before: seq + PAGE / 2 });
    const found = page.messages.some((m) => m.seq === seq);
    if (!found) return false;
    const touches = Math.max(...page.messages.map((m) => m.seq)) >= oldest(chat) - 1;
    if (!touches) {
      reset(chat);
      chat.hasNewer = true;
    }
    this.#put(chat, page.messages);
    chat.hasOlder = page.has_more;
    chat.loaded = true;
    return true;
  }

  #page(chat, range) {
    return this.#request('history.get', { chat: chat.id, limit: PAGE, ...range });
  }

  #put(chat, messages) {
    for (const message of messages) putMessage(chat, message);
  }

  async #once(chat, what, work) {
    const key = `${what} ${chat.id}`;
    if (this.#busy.has(key)) return;
    this.#busy.add(key);
    try {
      await work();
    } finally {
      this.#busy.delete(key);
    }
  }

  // Numbers that no message has belong to other events; those about the group show as lines.
  async #fillLines(chat, page, hasMore) {
    const seqs = new Set(page.map((m) => m.seq));
    const first = hasMore ? Math.min(...seqs, Infinity) : 1;
    const last = Math.max(...seqs, hasMore ? 0 : chat.head);
    const missing = [];
    for (let seq = first; seq <= last; seq++) if (!seqs.has(seq) && !chat.lines.has(seq)) missing.push(seq);
    if (!missing.length) return;
    const limit = Math.min(200, missing.at(-1) - missing[0] + 1);
    const page2 = await this.#request('sync.get', { chat: chat.id, after: missing[0] - 1, limit }).catch(() => null);
    for (const event of page2?.events ?? []) if (isLine(event)) chat.lines.set(event.seq, event);
  }
}

// What arrived while an older stretch was shown waits in `tail`.
function joinTail(chat) {
  chat.hasNewer = false;
  for (const message of chat.tail.values()) putMessage(chat, message);
  chat.tail = new Map();
}

function toLive(chat) {
  const { tail } = chat;
  reset(chat);
  chat.tail = tail;
  joinTail(chat);
}

export function reset(chat) {
  chat.messages = new Map();
  chat.tail = new Map();
  chat.lines = new Map();
  chat.loaded = false;
  chat.hasOlder = true;
  chat.hasNewer = false;
}

const oldest = (chat) => Math.min(...chat.messages.keys(), Infinity);
const newest = (chat) => Math.max(...chat.messages.keys(), 0);
