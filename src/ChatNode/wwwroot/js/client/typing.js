const REPEAT_MS = 3000;
const IDLE_MS = 4000;

/** Tells the others that we type: once every few seconds while keys are pressed, and that we stopped. */
export class TypingSignal {
  #notify;
  #lastOn = 0;
  #chat = null;
  #idle = 0;

  constructor(notify) {
    this.#notify = notify;
  }

  pressed(chat) {
    if (this.#chat !== chat) this.stop();
    this.#chat = chat;
    if (Date.now() - this.#lastOn > REPEAT_MS) {
      this.#lastOn = Date.now();
      this.#notify('typing', { chat, on: true });
    }
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.stop(), IDLE_MS);
  }

  stop() {
    clearTimeout(this.#idle);
    if (this.#chat && this.#lastOn) this.#notify('typing', { chat: this.#chat, on: false });
    this.#chat = null;
    this.#lastOn = 0;
  }
}
