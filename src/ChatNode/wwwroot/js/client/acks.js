/** Receipts to send: merged a chat, only ever rising, kept until the server has taken them. */
export class Acks {
  #request;
  #wanted = new Map();
  #sent = new Map();
  #timer = 0;

  constructor(request) {
    this.#request = request;
  }

  raise(chat, marks) {
    const wanted = this.#wanted.get(chat) ?? {};
    for (const [mark, seq] of Object.entries(marks)) if (seq > (wanted[mark] ?? 0)) wanted[mark] = seq;
    this.#wanted.set(chat, wanted);
    if (!this.#timer) this.#timer = setTimeout(() => this.flush(), 100);
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    for (const [chat, wanted] of this.#wanted) {
      const sent = this.#sent.get(chat) ?? {};
      const rising = Object.entries(wanted).filter(([mark, seq]) => seq > (sent[mark] ?? 0));
      if (!rising.length) continue;
      this.#sent.set(chat, { ...wanted });
      this.#request('ack', { chat, ...Object.fromEntries(rising) }).catch(() => this.#sent.set(chat, sent));
    }
  }
}
