/**
 * Puts the durable events of every chat in order: each once, none skipped. Pure bookkeeping, no I/O.
 * A chat is unknown until seeded with the `head` its list entry or details were read at.
 */
export class Timeline {
  #chats = new Map();

  position(chat) {
    return this.#chats.get(chat)?.pos;
  }

  /** Positions for `resume`, most recently active chats last; at most `max` of them. */
  positions(max = 800) {
    const known = [...this.#chats].filter(([, c]) => c.pos !== undefined);
    return Object.fromEntries(known.slice(-max).map(([id, c]) => [id, c.pos]));
  }

  /** Returns the events that became deliverable. A known chat keeps its place. */
  seed(chat, head) {
    const entry = this.#entry(chat);
    if (entry.pos !== undefined) return [];
    entry.pos = head;
    return this.#drain(entry);
  }

  /** Takes a live event; `missing` says that sync.get (`gap`) or the chat itself (`unknown`) is needed first. */
  offer(event) {
    const entry = this.#entry(event.chat);
    if (entry.pos !== undefined && event.seq <= entry.pos) return { ready: [] };
    // Being created, or being let in, is where a newcomer's numbers start.
    if (entry.pos === undefined && event.ev === 'chat.created') entry.pos = event.seq - 1;
    entry.held.set(event.seq, event);
    if (entry.pos === undefined) return { ready: [], missing: 'unknown' };
    this.#touch(event.chat, entry);
    const ready = this.#drain(entry);
    return { ready, missing: entry.held.size ? 'gap' : undefined };
  }

  /** Takes a page of sync.get, which is the truth even where numbers are missing (hidden from a newcomer). */
  accept(chat, events, head) {
    const entry = this.#entry(chat);
    const ready = [];
    for (const event of events) {
      if (event.seq <= (entry.pos ?? 0)) continue;
      entry.pos = event.seq;
      ready.push(event);
    }
    if (head !== undefined) entry.pos = Math.max(entry.pos ?? 0, head);
    return [...ready, ...this.#drain(entry)];
  }

  /** Jumps a chat to `head` without delivering what lies between: the caller reads the chat anew. */
  skipTo(chat, head) {
    const entry = this.#entry(chat);
    entry.pos = head;
    return this.#drain(entry);
  }

  /** Whether events wait for others before them. */
  hasGap(chat) {
    return (this.#chats.get(chat)?.held.size ?? 0) > 0;
  }

  forget(chat) {
    this.#chats.delete(chat);
  }

  clear() {
    this.#chats.clear();
  }

  #entry(chat) {
    if (!this.#chats.has(chat)) this.#chats.set(chat, { pos: undefined, held: new Map() });
    return this.#chats.get(chat);
  }

  #touch(chat, entry) {
    this.#chats.delete(chat);
    this.#chats.set(chat, entry);
  }

  #drain(entry) {
    const ready = [];
    for (const seq of entry.held.keys()) if (seq <= entry.pos) entry.held.delete(seq);
    for (let next; (next = entry.held.get(entry.pos + 1));) {
      entry.held.delete(next.seq);
      entry.pos = next.seq;
      ready.push(next);
    }
    return ready;
  }
}
