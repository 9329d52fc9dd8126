const FORGET_MS = 6000;

/** Who is typing where; a typist that falls silent is forgotten. */
export class TypingBoard {
  #chats = new Map();
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  of(chat) {
    return [...(this.#chats.get(chat)?.keys() ?? [])];
  }

  heard(chat, user, on) {
    this.stopped(chat, user);
    if (!on) return;
    if (!this.#chats.has(chat)) this.#chats.set(chat, new Map());
    this.#chats.get(chat).set(
      user,
      setTimeout(() => this.stopped(chat, user), FORGET_MS),
    );
    this.#changed();
  }

  stopped(chat, user) {
    const typists = this.#chats.get(chat);
    if (!typists?.has(user)) return;
    clearTimeout(typists.get(user));
    typists.delete(user);
    this.#changed();
  }
}
