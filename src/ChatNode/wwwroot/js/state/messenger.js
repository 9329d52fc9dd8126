import { ChatClient } from '../chat-client.js';
import { Files } from '../files.js';
import { Emitter } from '../client/emitter.js';
import { applyEvent } from './chat-events.js';
import { ChatBook } from './chat-book.js';
import { History, reset } from './history.js';
import { People } from './people.js';
import { applyReceipt } from './receipts.js';
import { RunFacts } from './run-facts.js';
import { TypingBoard } from './typing-board.js';
import { wordsOf } from './words.js';

const PRESENCE_MS = 45_000;

/**
 * Everything the signed-in person sees, kept current by the client. Emits `change` with a set of topics, at most
 * once a frame: `connection`, `chats`, `chat` (the open one), `people`; and `notice` (text for the person).
 */
export class Messenger extends Emitter {
  #topics = new Set();
  #scheduled = false;
  #presenceTimer = 0;
  unsupported = new Set();
  openChat = null;

  constructor({ session, api, storage, device }) {
    super();
    this.session = session;
    this.api = api;
    this.files = new Files(session);
    this.people = new People(api, () => this.changed('people', 'chats', 'chat'));
    this.facts = new RunFacts(api, () => this.changed('chat'));
    this.typists = new TypingBoard(() => this.changed('chat', 'chats'));
    const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/ws`;
    this.client = new ChatClient({ url, session, storage, device });
    this.history = new History(this.client.request);
    this.book = new ChatBook({
      client: this.client,
      people: this.people,
      changed: () => this.changed('chats', 'chat'),
    });
    this.people.learn(session.user);
    this.#listen();
  }

  get me() {
    return this.session.user.id;
  }

  get chat() {
    return this.openChat ? this.book.get(this.openChat) : undefined;
  }

  start() {
    this.client.start();
  }

  stop() {
    clearTimeout(this.#presenceTimer);
    this.files.clear();
    this.client.stop();
  }

  changed(...topics) {
    for (const topic of topics) this.#topics.add(topic);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Frames stop in a hidden tab, whose title still counts what is unread.
    if (document.visibilityState === 'visible') requestAnimationFrame(() => this.#flush());
    else setTimeout(() => this.#flush(), 50);
  }

  notice(text) {
    this.emit('notice', text);
  }

  /** Shows a chat: details and the last page, unless they are at hand. */
  async open(id) {
    this.client.typing.stop();
    const before = this.chat;
    if (before && before.id !== id && before.messages.size > 400) reset(before);
    this.openChat = id;
    this.newSince = this.chat && this.chat.unread > 0 ? this.chat.read : undefined;
    this.changed('chat', 'chats');
    if (id) await this.#read(id);
  }

  async #read(id) {
    try {
      const chat = await this.book.load(id);
      if (this.openChat === id && this.newSince === undefined && chat.unread > 0) this.newSince = chat.read;
      if (!chat.loaded) await this.history.loadLatest(chat);
      if (chat.peer) await this.people.refreshPresence(this.client.request, [chat.peer]);
    } catch (error) {
      if (error.code === 'not_found') this.#gone(id);
      else if (!error.retry) this.notice(error.message);
    } finally {
      this.changed('chat', 'chats');
    }
  }

  /** Presence is pushed where the server does so; asking now and then makes up for what was lost. */
  async #refreshPresence() {
    clearTimeout(this.#presenceTimer);
    this.#presenceTimer = setTimeout(() => this.#refreshPresence(), PRESENCE_MS);
    const peers = this.book.sorted.slice(0, 20).map((c) => c.peer);
    const members = this.chat?.members?.slice(0, 20).map((x) => x.user) ?? [];
    const ids = [...new Set([...peers, ...members])].filter((id) => id && id !== this.me);
    if (document.visibilityState === 'visible')
      await this.people.refreshPresence(this.client.request, ids).catch(() => {});
  }

  /** The person looks at the end of the open chat. */
  markRead() {
    const chat = this.chat;
    if (!chat?.loaded || chat.hasNewer) return;
    const at = this.client.position(chat.id) ?? chat.head;
    if (at <= (chat.read ?? 0)) return;
    chat.read = at;
    chat.unread = 0;
    this.client.acks.raise(chat.id, { recv: at, read: at });
    this.changed('chats');
  }

  #flush() {
    const topics = new Set(this.#topics);
    this.#topics.clear();
    this.#scheduled = false;
    this.emit('change', topics);
  }

  #listen() {
    const { client } = this;
    client.on('state', () => this.changed('connection'));
    client.on('signed-out', ({ reason }) => this.session.end(reason));
    client.on('welcome', (welcome) => this.#welcome(welcome));
    client.on('event', (event) => this.#event(event));
    client.on('signal', (frame) => this.#signal(frame));
    client.on('unknown', (id) => this.#meet(id));
    client.on('stale', ({ chat }) => this.#stale(chat));
    client.on('gone', (id) => this.#gone(id));
    client.runs.on('change', () => this.changed('chat'));
    client.outbox.on('change', () => this.changed('chat', 'chats'));
    client.outbox.on('sent', ({ entry, ok }) => this.#sent(entry, ok));
    client.outbox.on('failed', ({ error }) => this.notice(`Not sent: ${error.message}`));
    this.session.on('token', (token) => client.useToken(token));
  }

  async #welcome({ ok, fresh }) {
    if (ok.ai_user) this.people.aiUser = ok.ai_user;
    if (fresh) this.book.forgetAll();
    await this.book.loadFirst().catch((error) => error.retry || this.notice(error.message));
    if (this.openChat) await this.#read(this.openChat);
    await this.people.loadBlocked().catch((error) => error.retry || this.notice(error.message));
    await this.#refreshPresence();
  }

  async #meet(id) {
    try {
      await this.book.load(id);
      await this.#refreshPresence();
    } catch (error) {
      if (!error.retry && error.code !== 'not_found') this.notice(error.message);
    }
  }

  async #stale(id) {
    const chat = this.book.get(id);
    if (chat) reset(chat);
    if (this.openChat === id) await this.#read(id);
    else await this.book.load(id).catch(() => {});
  }

  #event(event) {
    const chat = this.book.get(event.chat);
    if (!chat) {
      this.#meet(event.chat);
      return;
    }
    applyEvent(chat, event, this.me);
    if (event.ev === 'message.created' && event.d.sender !== this.me) this.#received(chat, event);
    if (event.ev === 'message.created' && event.d.sender === this.me) this.#ownArrived(chat, event);
    if (event.ev === 'member.removed' && event.d.user === this.me) this.#gone(chat.id);
    this.changed('chats', 'chat');
  }

  #received(chat, { seq, d }) {
    this.typists.stopped(chat.id, d.sender);
    this.client.acks.raise(chat.id, { recv: seq });
    this.emit('received', { chat, sender: d.sender, text: wordsOf(d) });
  }

  // Writing in a chat on any device means that what came before was read.
  #ownArrived(chat, { seq, d }) {
    if (!chat.unread) return;
    chat.unread = 0;
    this.client.acks.raise(chat.id, { recv: seq, read: seq });
    if (d.cid) chat.read = seq;
  }

  #sent(entry, ok) {
    const chat = this.book.get(entry.chat);
    if (!chat || chat.hasNewer || chat.messages.has(ok.seq)) return;
    const { cid, text, reply_to, attachments } = entry;
    chat.messages.set(ok.seq, {
      msg: ok.msg,
      chat: chat.id,
      seq: ok.seq,
      ts: ok.ts,
      sender: this.me,
      text,
      cid,
      reply_to,
      attachments,
    });
    this.changed('chat');
  }

  #signal({ ev, chat: id, d }) {
    const chat = this.book.get(id);
    if (ev === 'typing' && d.user !== this.me) this.typists.heard(id, d.user, d.on);
    else if (ev === 'presence') this.people.notePresence(d);
    else if (ev === 'blocked') this.people.noteBlocked(d);
    else if (ev === 'receipt' && chat) applyReceipt(chat, d, this.me);
    else if (ev === 'inbox' && chat) chat.unread = d.unread ?? chat.unread;
    if (ev === 'receipt' || ev === 'inbox') this.changed('chats', 'chat');
  }

  #gone(id) {
    this.book.forget(id);
    for (const { cid } of this.client.outbox.of(id)) this.client.outbox.discard(cid);
    if (this.openChat === id) this.emit('gone', id);
    this.changed('chats', 'chat');
  }
}
