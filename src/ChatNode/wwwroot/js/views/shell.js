import { announce } from '../ui/announce.js';
import { h } from '../ui/dom.js';
import { toast } from '../ui/toast.js';
import { chatListView } from './chat-list.js';
import { chatPane } from './chat-pane.js';
import { connectionBar } from './connection-bar.js';
import { chatTitle } from './naming.js';

/** The two panes and the address: `#/chat/<id>` is the open conversation, so that Back closes it on a phone. */
export function shell({ messenger: m, actions }) {
  const list = chatListView({ m, actions, show });
  const pane = chatPane({ m, actions });
  const bar = connectionBar(m);
  const skip = h(
    'a',
    { class: 'skip', href: '#composer', onclick: (e) => (e.preventDefault(), pane.focusComposer()) },
    'Skip to the message box',
  );
  const root = h(
    'div',
    { class: 'shell' },
    skip,
    bar.element,
    h('div', { class: 'panes' }, list.element, pane.element),
  );

  let shown = null;
  let opening;
  function route() {
    const id = /^#\/chat\/([0-9a-f-]+)$/.exec(location.hash)?.[1] ?? null;
    if (id === shown) return;
    const before = shown;
    shown = id;
    root.classList.toggle('chat-open', id !== null);
    opening = m.open(id);
    pane.opened(id);
    if (!id && before) list.focusChat(before);
  }

  /** Opens the chat at one of its messages. */
  async function show(id, seq) {
    location.hash = `#/chat/${id}`;
    route();
    await opening;
    if (m.openChat === id) await pane.goTo(seq);
  }

  const off = [
    m.on('change', (topics) => {
      if (topics.has('connection')) bar.render();
      const all = topics.has('connection') || topics.has('people');
      if (all || topics.has('chats')) list.render();
      if (all || topics.has('chat')) pane.render();
      document.title = m.book.unread ? `(${m.book.unread}) ChatAi` : 'ChatAi';
    }),
    m.on('notice', toast),
    m.on('gone', () => (location.hash = '')),
    m.on('received', ({ chat, sender, text }) =>
      announce(`${m.people.name(sender)} in ${chatTitle(chat, m)}: ${text.slice(0, 300)}`),
    ),
  ];
  const wake = () => document.visibilityState === 'visible' && m.client.retryNow();
  const online = () => m.client.retryNow();
  addEventListener('hashchange', route);
  addEventListener('online', online);
  document.addEventListener('visibilitychange', wake);

  bar.render();
  list.render();
  route();
  return {
    element: root,
    close() {
      off.forEach((end) => end());
      removeEventListener('hashchange', route);
      removeEventListener('online', online);
      document.removeEventListener('visibilitychange', wake);
      location.hash = '';
      document.title = 'ChatAi';
    },
  };
}
