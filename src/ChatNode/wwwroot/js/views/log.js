import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { reconcile } from '../ui/reconcile.js';
import { logItems } from '../state/items.js';
import { tickOf } from '../state/receipts.js';
import { dayLabel } from '../state/time.js';
import { messageMenu } from './message-menu.js';
import { messageView, pendingView, setTick, snippetOf } from './message.js';
import { isAssistantChat, lineText } from './naming.js';
import { runView, setRunText } from './run.js';

const NEAR = 120;

/** The messages of the open chat: loads older ones as they are needed and stays at the end while the reader does. */
export function logView({ m, actions, composer }) {
  const list = h('div', { class: 'log-items', role: 'log', 'aria-label': 'Messages', 'aria-live': 'off' });
  const top = h('div', { class: 'log-top' });
  const scroller = h(
    'div',
    {
      class: 'log',
      tabindex: '0',
      'aria-label': 'Messages, arrow keys move between them',
      onscroll: scrolled,
      onkeydown: keys,
    },
    top,
    list,
  );
  const jump = h(
    'button',
    { class: 'jump', type: 'button', hidden: true, 'aria-label': 'To the newest message', onclick: toEnd },
    icon('down'),
  );
  const element = h('section', { class: 'log-pane' }, scroller, jump);
  let atEnd = true;
  let placed = false;
  let loading = false;

  const context = {
    m,
    actions,
    composer,
    cite: (seq) => goTo(seq),
    menu: (anchor, message) => messageMenu({ m, actions, composer, anchor, message }),
  };

  function opened() {
    atEnd = true;
    placed = false;
    list.replaceChildren();
    top.textContent = '';
  }

  function render(chat) {
    const wasAtEnd = atEnd;
    const places = wasAtEnd ? [] : visiblePlaces();
    const items = logItems(chat, {
      me: m.me,
      outbox: m.client.outbox.of(chat.id),
      runs: m.client.runs.of(chat.id),
      newSince: m.newSince,
    });
    reconcile(list, items, {
      signature: (item) => signature(chat, item),
      create: (item) => create(chat, item),
      patch: (el, item) => patch(chat, el, item),
    });
    top.textContent = !chat.loaded ? 'Loading…' : chat.hasOlder ? 'Loading older messages…' : '';
    if (wasAtEnd && !chat.hasNewer) scroller.scrollTop = scroller.scrollHeight;
    else keepPlace(places);
    if (chat.loaded && !placed) placeAtNew();
    showJump(chat);
    settle(chat);
  }

  // Opens where the new begins, when it is more than a view: the rest is not read before it was seen.
  function placeAtNew() {
    placed = true;
    const mark = list.querySelector('.new-mark');
    if (!mark) return;
    const above = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    if (scroller.scrollHeight - above <= scroller.clientHeight) return;
    scroller.scrollTop = above - 48;
    atEnd = false;
  }

  function showJump(chat) {
    jump.hidden = atEnd && !chat.hasNewer;
    jump.dataset.unread = chat.unread > 0 ? chat.unread : '';
  }

  function signature(chat, item) {
    if (item.type === 'message') {
      const { message, follows } = item;
      const quoted = message.reply_to ? chat.messages.get(message.reply_to) : null;
      const facts = message.is_ai && message.run && !message.deleted ? m.facts.of(message.run) : null;
      return [message, follows, quoted, m.people.name(message.sender), chat.type, m.unsupported.size, facts];
    }
    if (item.type === 'pending') return [item.entry];
    if (item.type === 'run') {
      const { status, cites, private: isPrivate, waiting, place, text, run } = item.run;
      return [status, cites, isPrivate, waiting, place, text !== '', status === 'done' ? m.facts.of(run) : null];
    }
    return [item.type === 'line' ? lineText(item.event, m) : item.type];
  }

  function create(chat, item) {
    if (item.type === 'message') return messageView(chat, item, context);
    if (item.type === 'pending') return pendingView(chat, item.entry, context);
    if (item.type === 'run') return runView(item.run, context);
    if (item.type === 'day') return h('div', { class: 'day' }, h('span', {}, dayLabel(item.ts)));
    if (item.type === 'new') return newMark(chat);
    return h('div', { class: 'line' }, lineText(item.event, m));
  }

  function newMark(chat) {
    const offers = chat.ai_enabled !== false && !isAssistantChat(chat, m);
    const ask = async (e) => {
      e.currentTarget.disabled = true;
      if (await actions.ask('catchup', { private: true })) toEnd();
    };
    const button = h('button', { class: 'pill', type: 'button', onclick: ask }, icon('clock'), 'Catch me up');
    return h('div', { class: 'new-mark' }, h('span', {}, 'New messages'), offers && button);
  }

  function patch(chat, el, item) {
    if (item.type === 'message' && item.message.sender === m.me)
      setTick(el, tickOf(item.message, chat, m.me, m.people.aiUser));
    if (item.type === 'run') setRunText(el, item.run, context);
  }

  // What is in view decides what is read and what is loaded next.
  function settle(chat) {
    if (atEnd && document.visibilityState === 'visible' && document.hasFocus()) m.markRead();
    if (!chat.loaded || loading) return;
    const fromEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    if (chat.hasOlder && scroller.scrollTop < 300) load((c) => m.history.loadOlder(c));
    else if (chat.hasNewer && fromEnd < 300) load((c) => m.history.loadNewer(c));
  }

  async function load(how) {
    loading = true;
    const { chat } = m;
    await how(chat).catch(() => {});
    loading = false;
    m.changed('chat');
  }

  function scrolled() {
    const fromEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    atEnd = fromEnd < NEAR;
    if (!m.chat) return;
    showJump(m.chat);
    settle(m.chat);
  }

  // Messages, since a day's separator moves up when older messages of that day come in; several, since the first
  // may be drawn anew once it follows another.
  function visiblePlaces() {
    const view = scroller.getBoundingClientRect();
    return [...list.querySelectorAll('.msg')]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > view.top && box.top < view.bottom);
  }

  function keepPlace(places) {
    const anchor = places.find(({ element }) => element.isConnected);
    if (anchor) scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.box.top;
  }

  async function toEnd() {
    atEnd = true;
    if (m.chat?.hasNewer) await load((c) => m.history.loadLatest(c));
    scroller.scrollTop = scroller.scrollHeight;
    m.changed('chat');
  }

  /** Shows message `seq`, reading the chat around it when it is not at hand. */
  async function goTo(seq) {
    const { chat } = m;
    const found = await m.history.reach(chat, seq).catch(() => false);
    if (m.chat !== chat) return;
    if (!found) {
      m.notice('That message is not here any more.');
      return;
    }
    atEnd = false;
    render(chat);
    const target = list.querySelector(`[data-seq="${seq}"]`);
    target?.scrollIntoView({ block: 'center' });
    target?.focus({ preventScroll: true });
    target?.classList.remove('flash');
    requestAnimationFrame(() => target?.classList.add('flash'));
  }

  function keys(e) {
    const entries = [...list.querySelectorAll('.msg')];
    const at = entries.indexOf(document.activeElement);
    if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
      const next = at < 0 ? entries.at(-1) : entries[at + (e.key === 'ArrowUp' ? -1 : 1)];
      next?.focus();
      next?.scrollIntoView({ block: 'nearest' });
      e.preventDefault();
    } else if (e.key === 'Escape') composer.focus();
    else if ((e.key === 'Enter' || e.key === 'ContextMenu') && at >= 0) {
      entries[at].querySelector('.msg-more')?.click();
      e.preventDefault();
    }
  }

  addEventListener('focus', () => m.chat && settle(m.chat));
  document.addEventListener('visibilitychange', () => m.chat && settle(m.chat));
  new ResizeObserver(() => atEnd && (scroller.scrollTop = scroller.scrollHeight)).observe(scroller);
  return { element, render, opened, toEnd, goTo, snippetOf };
}
