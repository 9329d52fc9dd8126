import { h, isTouch } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { chatHeader } from './chat-header.js';
import { composerView } from './composer.js';
import { logView } from './log.js';

/** The open conversation: header, log, message box. */
export function chatPane({ m, actions }) {
  const composer = composerView({ m, actions, onSent: () => log.toEnd() });
  const log = logView({ m, actions, composer });
  const header = chatHeader({ m, actions, log });
  const dropping = { ondragover: over, ondragleave: () => inside.classList.remove('dropping'), ondrop: dropped };
  const inside = h('div', { class: 'chat', hidden: true, ...dropping }, header.element, log.element, composer.element);
  const empty = h(
    'div',
    { class: 'no-chat' },
    h('span', { class: 'logo', 'aria-hidden': 'true' }, icon('spark')),
    h('p', {}, 'Choose a conversation, or start a new one.'),
  );
  const element = h('main', { class: 'chat-pane' }, empty, inside);

  function over(e) {
    if (!e.dataTransfer.types.includes('Files')) return;
    e.preventDefault();
    inside.classList.add('dropping');
  }

  function dropped(e) {
    inside.classList.remove('dropping');
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    composer.addFiles(e.dataTransfer.files);
  }

  function render() {
    const { chat } = m;
    inside.hidden = !m.openChat;
    empty.hidden = Boolean(m.openChat);
    if (!chat) return;
    header.render(chat);
    composer.render(chat);
    log.render(chat);
  }

  function opened(id) {
    inside.hidden = !id;
    log.opened(id);
    composer.opened(id);
    render();
    if (!id) return;
    if (isTouch()) header.focus();
    else composer.focus();
  }

  return { element, render, opened, goTo: log.goTo, focusComposer: composer.focus };
}
