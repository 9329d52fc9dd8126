import { avatar } from '../ui/avatar.js';
import { h, setText } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { lastSeen } from '../state/time.js';
import { detailsDialog } from './details.js';
import { chatTitle, isAssistantChat, isPeerOnline, peerOf } from './naming.js';
import { summaryDialog } from './summary.js';

/** Who this is, whether they are there, and what the assistant can do here. */
export function chatHeader({ m, actions, log }) {
  const picture = h('span', { class: 'header-picture' });
  const title = h('h2', { tabindex: '-1' });
  const status = h('p', { class: 'status', 'aria-live': 'polite' });
  const back = h('a', { class: 'icon-button back', href: '#', 'aria-label': 'Back to conversations' }, icon('back'));
  const catchUp = h(
    'button',
    {
      class: 'pill',
      type: 'button',
      title: 'What did I miss? Only you see the answer.',
      onclick: () => ask('catchup', { private: true }),
    },
    icon('clock'),
    h('span', {}, 'Catch up'),
  );
  const summary = h(
    'button',
    {
      class: 'pill',
      type: 'button',
      title: 'The running summary of this conversation',
      onclick: () => summaryDialog({ m, actions, log }),
    },
    icon('list'),
    h('span', {}, 'Summary'),
  );
  const details = h(
    'button',
    { class: 'icon-button', type: 'button', 'aria-label': 'Details', onclick: () => detailsDialog({ m, actions }) },
    icon('info'),
  );
  const element = h(
    'header',
    { class: 'chat-head' },
    back,
    picture,
    h('div', { class: 'chat-head-text' }, title, status),
    h('div', { class: 'chat-head-tools' }, catchUp, summary, details),
  );

  async function ask(kind, options) {
    catchUp.disabled = true;
    if (await actions.ask(kind, options)) log.toEnd();
    catchUp.disabled = false;
  }

  let drawn = '';
  function render(chat) {
    const name = chatTitle(chat, m);
    const peer = peerOf(chat, m);
    const online = isPeerOnline(chat, m);
    setText(title, name);
    setText(status, statusText(chat, peer));
    status.classList.toggle('typing', m.typists.of(chat.id).length > 0);
    const look = [chat.id, name, online].join();
    if (look !== drawn)
      picture.replaceChildren(
        avatar(chat.type === 'group' ? chat.id : peer, name, {
          ai: isAssistantChat(chat, m),
          group: chat.type === 'group',
          online,
        }),
      );
    drawn = look;
    catchUp.hidden = summary.hidden = chat.ai_enabled === false || isAssistantChat(chat, m);
  }

  function statusText(chat, peer) {
    const typists = m.typists.of(chat.id);
    if (typists.length && chat.type === '1_to_1') return 'typing…';
    if (typists.length)
      return `${typists.map((id) => m.people.name(id)).join(', ')} ${typists.length > 1 ? 'are' : 'is'} typing…`;
    if (isAssistantChat(chat, m)) return 'assistant · answers here are made by a machine';
    if (chat.type === 'group') return chat.members ? members(chat) : '';
    const presence = m.people.presence(peer);
    if (m.client.state.name !== 'online') return '';
    return presence?.online ? 'online' : lastSeen(presence?.last_active_at);
  }

  function members(chat) {
    const people = chat.members.filter((x) => x.user !== m.people.aiUser);
    const names = people.slice(0, 4).map((x) => (x.user === m.me ? 'you' : m.people.name(x.user)));
    return people.length > 4 ? `${names.join(', ')} and ${people.length - 4} more` : names.join(', ');
  }

  return { element, render, focus: () => title.focus() };
}
