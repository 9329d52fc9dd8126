import { avatar } from '../ui/avatar.js';
import { classes, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { openMenu } from '../ui/menu.js';
import { reconcile } from '../ui/reconcile.js';
import { stampOf } from '../state/time.js';
import { chatTitle, isAssistantChat, isPeerOnline, peerOf } from './naming.js';
import { newChatDialog, newGroupDialog, openAssistant } from './new-chat.js';
import { profileDialog } from './profile.js';
import { searchHitsView } from './search-hits.js';

/** The conversations with previews and unread counts; arrows move between them. */
export function chatListView({ m, actions, show }) {
  const found = searchHitsView({ m, show });
  const rows = h('ul', { class: 'chats', onkeydown: moveByArrows });
  const filter = h('input', {
    type: 'search',
    placeholder: 'Find a conversation or a message',
    'aria-label': 'Find a conversation or a message',
    maxlength: 200,
    oninput: render,
  });
  const empty = h('div', { class: 'empty-list' });
  const more = h('button', { class: 'quiet more-chats', type: 'button', onclick: loadMore }, 'Older conversations');
  const mine = h('button', {
    class: 'me',
    type: 'button',
    'aria-label': 'Your profile and devices',
    onclick: () => profileDialog({ m, actions }),
  });
  const add = h(
    'button',
    {
      class: 'icon-button accent',
      type: 'button',
      'aria-label': 'New conversation',
      'aria-haspopup': 'menu',
      onclick: addMenu,
    },
    icon('plus'),
  );
  const element = h(
    'nav',
    { class: 'sidebar', 'aria-label': 'Conversations' },
    h('header', { class: 'sidebar-head' }, mine, h('h1', {}, 'Chats'), add),
    h('div', { class: 'filter' }, icon('search'), filter),
    h('div', { class: 'sidebar-scroll', onscroll: nearEnd }, rows, empty, more, found.element),
  );

  function addMenu() {
    openMenu(add, 'New conversation', [
      { text: 'Message a person', act: () => newChatDialog({ m, actions }) },
      { text: 'New group', act: () => newGroupDialog({ m, actions }) },
      { text: 'Ask the assistant', act: () => openAssistant({ m, actions }) },
    ]);
  }

  let loading = false;
  async function loadMore() {
    if (loading || !m.book.hasMore) return;
    loading = true;
    await m.book.loadMore().catch(() => {});
    loading = false;
  }

  function nearEnd({ target }) {
    if (target.scrollHeight - target.scrollTop - target.clientHeight < 200) loadMore();
  }

  function moveByArrows(e) {
    const links = [...rows.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[e.key];
    if (to === undefined || !links[to]) return;
    e.preventDefault();
    links[to].focus();
  }

  function render() {
    const name = m.people.name(m.me);
    mine.replaceChildren(avatar(m.me, name, { small: true }));
    const wanted = filter.value.trim().toLocaleLowerCase();
    const items = m.book.sorted
      .map((chat) => ({ key: chat.id, chat, title: chatTitle(chat, m) }))
      .filter(({ chat, title }) =>
        wanted ? title.toLocaleLowerCase().includes(wanted) : !chat.archived || chat.id === m.openChat,
      );
    reconcile(rows, items, { signature, create: row });
    found.find(filter.value.trim());
    found.render();
    more.hidden = !m.book.hasMore || Boolean(wanted);
    empty.hidden = items.length > 0;
    if (!items.length) empty.replaceChildren(...emptyText(wanted));
  }

  function emptyText(wanted) {
    if (wanted) return [h('p', {}, 'No conversation by that name.')];
    if (!m.book.ready) return [h('p', {}, 'Loading…')];
    return [
      h('p', {}, 'No conversations yet.'),
      h(
        'button',
        { class: 'primary', type: 'button', onclick: () => newChatDialog({ m, actions }) },
        'Message a person',
      ),
      h(
        'button',
        { class: 'quiet', type: 'button', onclick: () => openAssistant({ m, actions }) },
        'Ask the assistant',
      ),
    ];
  }

  const preview = (chat) => {
    const typing = m.typists.of(chat.id);
    if (typing.length) return chat.type === 'group' ? `${m.people.name(typing[0])} is typing…` : 'typing…';
    const unsent = m.client.outbox.of(chat.id).at(-1);
    return unsent ? unsent.text : (chat.last_message_preview ?? '');
  };

  const signature = ({ chat, title }) => [
    title,
    preview(chat),
    stampOf(chat.last_message_at),
    chat.unread,
    chat.id === m.openChat,
    chat.muted,
    chat.pinned,
    isPeerOnline(chat, m),
    m.typists.of(chat.id).length > 0,
  ];

  function row({ chat, title }) {
    const current = chat.id === m.openChat;
    const unread = chat.unread > 0 && !current ? chat.unread : 0;
    const typing = m.typists.of(chat.id).length > 0;
    return h(
      'li',
      {},
      h(
        'a',
        {
          href: `#/chat/${chat.id}`,
          class: classes('chat-row', current && 'current'),
          'aria-current': current ? 'page' : undefined,
          'data-chat': chat.id,
        },
        avatar(chat.type === 'group' ? chat.id : peerOf(chat, m), title, {
          ai: isAssistantChat(chat, m),
          group: chat.type === 'group',
          online: isPeerOnline(chat, m),
        }),
        h(
          'span',
          { class: 'chat-row-text' },
          h(
            'span',
            { class: 'chat-row-top' },
            h('span', { class: 'chat-row-title' }, title),
            h('time', {}, stampOf(chat.last_message_at)),
          ),
          h(
            'span',
            { class: 'chat-row-bottom' },
            h('span', { class: classes('chat-row-preview', typing && 'typing') }, preview(chat)),
            chat.muted && h('span', { class: 'tag' }, 'muted'),
            unread > 0 &&
              h(
                'span',
                { class: classes('badge', chat.muted && 'dim') },
                String(unread),
                h('span', { class: 'visually-hidden' }, ' unread'),
              ),
          ),
        ),
      ),
    );
  }

  const focusChat = (id) => rows.querySelector(`[data-chat="${id}"]`)?.focus();
  return { element, render, focusChat };
}
