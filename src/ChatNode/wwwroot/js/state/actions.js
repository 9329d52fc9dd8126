/** What a person can do, each returning whether it worked; refusals become notices. */
export class Actions {
  #m;

  constructor(messenger) {
    this.#m = messenger;
  }

  send(text, replyTo, attachments) {
    const { client, openChat } = this.#m;
    client.typing.stop();
    client.outbox.add({ chat: openChat, text, reply_to: replyTo, attachments });
  }

  edit = (seq, text) => this.#op('Editing', 'message.edit', { seq, text });
  remove = (seq) => this.#op('Deleting', 'message.delete', { seq });
  react = (seq, emoji) => this.#op('Reacting', 'message.react', { seq, emoji });
  addMembers = (users) => this.#op('Adding people', 'member.add', { users });
  removeMember = (user) => this.#op('Removing people', 'member.remove', { user });
  setRole = (user, role) => this.#op('Changing roles', 'member.role', { user, role });
  cancel = (run) => this.#try('Stopping', () => this.#m.client.runs.cancel(run));

  async set(fields) {
    const { client, book, openChat } = this.#m;
    return this.#try('Changing this', async () =>
      book.put(await client.request('chat.set', { chat: openChat, ...fields })),
    );
  }

  ask(kind, options) {
    return this.#try('The assistant', () => this.#m.client.runs.ask(this.#m.openChat, kind, options));
  }

  block = (user, on) =>
    this.#try(on ? 'Blocking' : 'Unblocking', async () => {
      const path = `/v1/blocks/${user}`;
      await (on ? this.#m.api.put(path) : this.#m.api.delete(path));
      this.#m.people.noteBlocked({ user, on });
    });

  regenerate = (run) => this.#try('Answering again', () => this.#m.client.runs.again(this.#m.openChat, run));

  summary = () => this.#m.api.get(`/v1/chats/${this.#m.openChat}/summary`).catch((e) => this.#absent(e));

  lookup = (phone) => this.#m.api.get(`/v1/users/lookup?phone=${encodeURIComponent(phone)}`);

  /** These three answer with the chat and leave refusals to the dialog that asked. */
  direct = (user) => this.#create({ type: '1_to_1', members: [user] });
  group = (title, users) => this.#create({ type: 'group', title, members: users });
  assistant = () => this.#create({ type: '1_to_1', members: [this.#m.people.aiUser] });

  async #create(body) {
    const chat = await this.#m.api.post('/v1/chats', body);
    this.#m.book.put(chat);
    return chat;
  }

  async #op(what, op, d) {
    const { client, openChat } = this.#m;
    return this.#try(what, () => client.request(op, { chat: openChat, ...d }), op);
  }

  async #try(what, work, feature) {
    try {
      await work();
      return true;
    } catch (error) {
      if (error.code === 'unsupported') {
        if (feature) this.#m.unsupported.add(feature);
        this.#m.notice(`${what} is not offered by this server.`);
        this.#m.changed('chat');
      } else this.#m.notice(reasons[error.code] ?? error.message);
      return false;
    }
  }

  #absent(error) {
    if (error.status === 404) return null;
    throw error;
  }
}

const reasons = {
  ai_disabled: 'The assistant is switched off in this chat.',
  ai_busy: 'The assistant is busy. Try again in a moment.',
  quota_exceeded: 'The assistant has done enough for you today.',
  disconnected: 'Not connected. Try again once the connection is back.',
  conflict: 'That answer is still being made.',
  timeout: 'The server did not answer in time. Try again.',
  forbidden: 'You may not do that here.',
};
