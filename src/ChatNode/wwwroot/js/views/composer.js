import { classes, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { fileTray } from './file-tray.js';
import { isAssistantChat } from './naming.js';
import { snippetOf } from './message.js';

const LIMIT = 16_384;

/** The message box: Enter sends, Shift+Enter breaks the line, Escape leaves a reply or an edit. */
export function composerView({ m, actions, onSent }) {
  const box = h('textarea', {
    id: 'composer',
    rows: '1',
    'aria-label': 'Message',
    oninput: typed,
    onkeydown: key,
    onblur: () => m.client.typing.stop(),
    onpaste: pasted,
  });
  const send = h('button', { class: 'send', type: 'submit', 'aria-label': 'Send' }, icon('send'));
  const tray = fileTray({ m, changed: () => grow() });
  const chooser = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Files', onchange: chosen });
  const attach = h(
    'button',
    { class: 'attach icon-button', type: 'button', 'aria-label': 'Attach files', onclick: () => chooser.click() },
    icon('clip'),
  );
  const about = h('div', { class: 'about', hidden: true });
  const hint = h(
    'button',
    { class: 'ai-hint', type: 'button', hidden: true, onclick: complete },
    icon('spark'),
    h('span', {}, '@AI'),
    h('small', {}, 'ask the assistant — Tab'),
  );
  const element = h(
    'form',
    { class: 'composer', onsubmit: (e) => (e.preventDefault(), submit()) },
    about,
    hint,
    tray.element,
    h('div', { class: 'composer-row' }, attach, chooser, box, send),
  );
  const drafts = new Map();
  let mode = null;
  let chatId = null;

  function opened(id) {
    if (chatId) drafts.set(chatId, mode?.edit ? '' : box.value);
    chatId = id;
    leaveMode();
    tray.clear();
    box.value = drafts.get(id) ?? '';
    grow();
  }

  function render(chat) {
    const ai = chat.ai_enabled !== false;
    const assistant = isAssistantChat(chat, m);
    box.placeholder = assistant ? 'Ask anything' : ai ? 'Message — @AI asks the assistant' : 'Message';
  }

  async function submit() {
    const text = box.value.trim();
    if ((!text && !tray.size) || !chatId) return;
    if (text.length > LIMIT) {
      m.notice('That is too long for one message.');
      return;
    }
    if (tray.busy && !mode?.edit) {
      m.notice('Still uploading.');
      return;
    }
    if (mode?.edit) {
      if (!text) return;
      await actions.edit(mode.edit.seq, text);
    } else actions.send(text, mode?.reply?.seq, tray.take());
    box.value = '';
    leaveMode();
    grow();
    box.focus();
    onSent();
  }

  function addFiles(list) {
    if (!mode?.edit && chatId) tray.add([...list]);
  }

  function chosen() {
    addFiles(chooser.files);
    chooser.value = '';
  }

  function pasted(e) {
    if (!e.clipboardData.files.length) return;
    e.preventDefault();
    addFiles(e.clipboardData.files);
  }

  function typed() {
    grow();
    if (box.value && !mode?.edit) m.client.typing.pressed(chatId);
    hint.hidden = !offersAi();
  }

  const offersAi = () => {
    const before = box.value.slice(0, box.selectionStart);
    return m.chat && m.chat.ai_enabled !== false && !isAssistantChat(m.chat, m) && /(^|\s)@a?$/i.test(before);
  };

  function complete() {
    const caret = box.selectionStart;
    const before = box.value.slice(0, caret).replace(/@a?$/i, '@AI ');
    box.value = before + box.value.slice(caret);
    box.setSelectionRange(before.length, before.length);
    hint.hidden = true;
    box.focus();
  }

  function key(e) {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      submit();
    } else if (e.key === 'Tab' && !e.shiftKey && !hint.hidden) {
      e.preventDefault();
      complete();
    } else if (e.key === 'Escape' && (mode || !hint.hidden)) {
      e.preventDefault();
      if (mode?.edit) box.value = '';
      hint.hidden = true;
      leaveMode();
    }
  }

  function enterMode(next, title, message) {
    mode = next;
    attach.hidden = Boolean(next.edit);
    about.hidden = false;
    about.replaceChildren(
      icon(next.edit ? 'quote' : 'reply'),
      h('div', { class: 'about-text' }, h('strong', {}, title), h('span', {}, snippetOf(message))),
      h(
        'button',
        { class: 'icon-button', type: 'button', 'aria-label': 'Cancel', onclick: () => (leaveMode(), box.focus()) },
        icon('close'),
      ),
    );
    box.focus();
  }

  function leaveMode() {
    mode = null;
    attach.hidden = false;
    about.hidden = true;
    hint.hidden = true;
  }

  function replyTo(message) {
    enterMode(
      { reply: message },
      `Reply to ${message.sender === m.me ? 'yourself' : m.people.name(message.sender)}`,
      message,
    );
  }

  function edit(message) {
    box.value = message.text;
    enterMode({ edit: message }, 'Edit message', message);
    grow();
  }

  // The height follows the text up to a third of the window.
  function grow() {
    box.style.height = '';
    if (!box.scrollHeight) return;
    box.style.height = `${Math.min(box.scrollHeight, Math.max(120, innerHeight / 3))}px`;
    send.className = classes('send', (box.value.trim() || (tray.size && !tray.busy)) && 'ready');
  }

  return { element, render, opened, replyTo, edit, addFiles, focus: () => box.focus() };
}
