import { wordsOf } from './words.js';

/** How one durable event changes what we show of a chat. No I/O; `me` is the reader's id. */
export function applyEvent(chat, event, me) {
  handlers[event.ev]?.(chat, event, me);
  chat.head = Math.max(chat.head ?? 0, event.seq);
  if (isLine(event)) chat.lines.set(event.seq, event);
}

/** Events that show as a line between the messages. */
export const isLine = ({ ev }) =>
  ev === 'chat.created' || ev.startsWith('member.') || ev === 'chat.updated' || ev === 'ai.policy';

const handlers = {
  'message.created'(chat, { seq, ts, d }, me) {
    const message = { ...d, chat: chat.id, seq, ts, deleted: d.text == null || undefined };
    if (chat.hasNewer) chat.tail.set(seq, message);
    else putMessage(chat, message);
    chat.last_message_at = ts;
    chat.last_message_preview = wordsOf(d);
    chat.lastSeq = seq;
    if (d.sender !== me) chat.unread = (chat.unread ?? 0) + 1;
  },
  'message.edited'(chat, { ts, d }) {
    if (d.text == null) return;
    change(chat, d.target, (m) => (m.deleted ? m : { ...m, text: d.text, edited_at: ts }));
    const attachments = chat.messages.get(d.target)?.attachments;
    if (chat.lastSeq === d.target) chat.last_message_preview = wordsOf({ text: d.text, attachments });
  },
  'message.deleted'(chat, { d }) {
    change(chat, d.target, (m) => ({ ...m, text: '', deleted: true, cites: [], reactions: [], attachments: [] }));
    if (chat.lastSeq === d.target) chat.last_message_preview = 'Message deleted';
  },
  'message.reacted'(chat, { d }) {
    change(chat, d.target, (m) => {
      const others = (m.reactions ?? []).filter((r) => r.user !== d.by);
      return { ...m, reactions: d.emoji ? [...others, { user: d.by, emoji: d.emoji }] : others };
    });
  },
  'member.added'(chat, { d }) {
    if (!chat.members || chat.members.some((m) => m.user === d.user)) return;
    chat.members = [...chat.members, { user: d.user, role: d.role ?? 'member', recv: 0, read: 0 }];
  },
  'member.removed'(chat, { d }) {
    chat.members = chat.members?.filter((m) => m.user !== d.user) ?? null;
  },
  'member.role'(chat, { d }) {
    chat.members = chat.members?.map((m) => (m.user === d.user ? { ...m, role: d.role } : m)) ?? null;
  },
  'chat.updated'(chat, { d }) {
    if (d.title !== undefined) chat.title = d.title;
  },
  'ai.policy'(chat, { d }) {
    chat.ai_enabled = d.ai_enabled;
  },
};

/** Messages are replaced, never changed in place, so that a view knows a changed one by identity. */
export function putMessage(chat, message) {
  chat.messages.set(message.seq, message);
}

function change(chat, seq, how) {
  const message = chat.messages.get(seq);
  if (message) chat.messages.set(seq, how(message));
}
