import { avatar } from '../ui/avatar.js';
import { classes, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { citedIn, citedText, mentionText } from '../ui/rich-text.js';
import { fullTime, timeOf } from '../state/time.js';
import { wordsOf } from '../state/words.js';
import { attachmentsView } from './attachments.js';
import { madeBy } from './provenance.js';

/** One message. Own ones carry a tick that `setTick` keeps current. */
export function messageView(chat, { message, follows }, context) {
  const { m } = context;
  const own = message.sender === m.me;
  const ai = message.is_ai === true;
  const name = own ? 'You' : m.people.name(message.sender);
  const named = !own && !follows && (ai || chat.type === 'group');
  const bubble = h(
    'div',
    { class: 'bubble' },
    named && h('div', { class: 'sender' }, name, ai && h('span', { class: 'ai-tag' }, 'assistant')),
    message.reply_to && quote(chat, message.reply_to, context),
    !message.deleted && attachmentsView(message.attachments, context),
    body(message, context),
    cites(message, context),
    h(
      'div',
      { class: 'meta' },
      ai && message.run && !message.deleted && madeBy(message.run, m),
      message.edited_at && h('span', {}, 'edited'),
      h('time', { datetime: message.ts, title: fullTime(message.ts) }, timeOf(message.ts)),
      own && h('span', { class: 'tick' }),
    ),
  );
  return h(
    'article',
    {
      class: classes('msg', own && 'own', ai && 'ai', follows && 'follows', message.deleted && 'deleted'),
      tabindex: '-1',
      'data-seq': message.seq,
      'aria-label': `${name}, ${timeOf(message.ts)}`,
    },
    !own && chat.type === 'group' && avatar(message.sender, name, { ai, small: true }),
    h('div', { class: 'bubble-box' }, bubble, reactions(message, context)),
    !message.deleted && more(message, context),
  );
}

/** A message that the server has not confirmed. */
export function pendingView(chat, entry, { m }) {
  const failed = entry.state === 'failed';
  return h(
    'article',
    {
      class: classes('msg own pending', failed && 'failed'),
      tabindex: '-1',
      'aria-label': failed ? 'Your message, not sent' : 'Your message, being sent',
    },
    h(
      'div',
      { class: 'bubble-box' },
      h(
        'div',
        { class: 'bubble' },
        entry.reply_to && quote(chat, entry.reply_to, { m, cite: () => {} }),
        attachmentsView(entry.attachments, { m }),
        entry.text && h('div', { class: 'text' }, mentionText(entry.text)),
        h('div', { class: 'meta' }, h('time', {}, timeOf(entry.at)), tick(failed ? 'failed' : 'sending')),
      ),
      failed &&
        h(
          'div',
          { class: 'failed-tools' },
          h('span', {}, entry.error),
          h('button', { type: 'button', onclick: () => m.client.outbox.retry(entry.cid) }, 'Send again'),
          h('button', { type: 'button', onclick: () => m.client.outbox.discard(entry.cid) }, 'Discard'),
        ),
    ),
  );
}

const ticks = {
  sending: ['clock', 'Sending'],
  failed: ['warn', 'Not sent'],
  sent: ['sent', 'Sent'],
  delivered: ['double', 'Delivered'],
  read: ['double', 'Read'],
};

function tick(state) {
  const [name, label] = ticks[state];
  return h('span', { class: 'tick', 'data-tick': state, role: 'img', 'aria-label': label, title: label }, icon(name));
}

export function setTick(element, state) {
  const old = element.querySelector('.tick');
  if (old && old.dataset.tick !== state) old.replaceWith(tick(state));
}

export const snippetOf = (message) => (message.deleted ? 'Message deleted' : wordsOf(message).slice(0, 140));

function body(message, context) {
  if (message.deleted) return h('div', { class: 'text' }, 'This message was deleted');
  if (!message.text) return null;
  const text = message.is_ai
    ? citedText(message.text, message.cites ?? [], (n) => citeButton(n, context))
    : mentionText(message.text);
  return h('div', { class: 'text' }, text);
}

/** The cited messages that the text does not link by itself. */
export function cites(message, context) {
  const all = message.cites ?? [];
  const inText = new Set(citedIn(message.text ?? '', all));
  const rest = all.filter((seq) => !inText.has(seq));
  if (!rest.length || message.deleted) return null;
  return h(
    'div',
    { class: 'cites' },
    h('span', {}, 'Based on'),
    rest.map((seq) => citeButton(seq, context)),
  );
}

export function citeButton(seq, { m, cite }) {
  const source = m.chat?.messages.get(seq);
  const who = source && (source.sender === m.me ? 'you' : m.people.name(source.sender));
  const label = source ? `#${seq} by ${who}: ${snippetOf(source)}` : `#${seq}, an earlier message`;
  return h(
    'button',
    { class: 'cite', type: 'button', 'data-cite': seq, title: label, 'aria-label': label, onclick: () => cite(seq) },
    `#${seq}`,
  );
}

function quote(chat, seq, { m, cite }) {
  const source = chat.messages.get(seq);
  const who = source && (source.sender === m.me ? 'You' : m.people.name(source.sender));
  return h(
    'button',
    { class: 'quote', type: 'button', onclick: () => cite(seq) },
    h('strong', {}, who ?? 'Earlier message'),
    h('span', {}, source ? snippetOf(source) : `Message ${seq}`),
  );
}

function reactions(message, { m, actions }) {
  if (!message.reactions?.length) return null;
  const groups = Map.groupBy ? Map.groupBy(message.reactions, (r) => r.emoji) : groupByEmoji(message.reactions);
  const chips = [...groups].map(([emoji, list]) => {
    const mine = list.some((r) => r.user === m.me);
    const who = list.map((r) => (r.user === m.me ? 'you' : r.user ? m.people.name(r.user) : '')).join(', ');
    return h(
      'button',
      {
        type: 'button',
        class: classes('reaction', mine && 'mine'),
        title: who,
        'aria-label': `${emoji} by ${who}`,
        'aria-pressed': String(mine),
        onclick: () => actions.react(message.seq, mine ? null : emoji),
      },
      emoji,
      list.length > 1 && ` ${list.length}`,
    );
  });
  return h('div', { class: 'reactions' }, chips);
}

function groupByEmoji(list) {
  const groups = new Map();
  for (const r of list) groups.set(r.emoji, [...(groups.get(r.emoji) ?? []), r]);
  return groups;
}

function more(message, { menu }) {
  return h(
    'button',
    {
      class: 'msg-more icon-button',
      type: 'button',
      tabindex: '-1',
      'aria-label': 'Message actions',
      'aria-haspopup': 'menu',
      onclick: (e) => menu(e.currentTarget, message),
    },
    icon('more'),
  );
}
