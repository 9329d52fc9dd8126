import { h } from '../ui/dom.js';
import { openDialog } from '../ui/dialog.js';

const reasons = {
  not_found: 'Nobody with this number is here yet.',
  rate_limited: 'Too many look-ups. Wait a moment.',
  forbidden: 'You cannot write to this person.',
};
export const explain = (error) => reasons[error.code] ?? error.message;

const go = (chat) => (location.hash = `#/chat/${chat.id}`);

/** Starts a conversation with one person, found by phone number. */
export function newChatDialog({ m, actions }) {
  const phone = h('input', {
    id: 'new-phone',
    type: 'tel',
    required: true,
    autocomplete: 'off',
    placeholder: '+49 151 23456789',
  });
  const error = h('p', { class: 'form-error', role: 'alert' });
  const start = h('button', { class: 'primary', type: 'submit' }, 'Start conversation');
  const onsubmit = async (e) => {
    e.preventDefault();
    error.textContent = '';
    start.disabled = true;
    try {
      const user = await actions.lookup(phone.value);
      m.people.learn(user);
      const chat = await actions.direct(user.id);
      dialog.close('moved-on');
      go(chat);
    } catch (refusal) {
      error.textContent = explain(refusal);
    }
    start.disabled = false;
  };
  const form = h(
    'form',
    { onsubmit },
    h('div', { class: 'field' }, h('label', { for: 'new-phone' }, 'Phone number'), phone),
    error,
    h('div', { class: 'dialog-tools' }, start),
  );
  const dialog = openDialog('Message a person', form);
}

/** Starts a group of people, added one by one. */
export function newGroupDialog({ m, actions }) {
  const title = h('input', {
    id: 'group-title',
    required: true,
    maxlength: '128',
    autocomplete: 'off',
    placeholder: 'Weekend plans',
  });
  const error = h('p', { class: 'form-error', role: 'alert' });
  const create = h('button', { class: 'primary', type: 'submit' }, 'Create group');
  const picker = peoplePicker({ m, actions, error });
  const onsubmit = async (e) => {
    e.preventDefault();
    error.textContent = '';
    create.disabled = true;
    try {
      if (picker.pendingText) await picker.add();
      const chat = await actions.group(title.value.trim(), picker.ids);
      dialog.close('moved-on');
      go(chat);
    } catch (refusal) {
      error.textContent = explain(refusal);
    }
    create.disabled = false;
  };
  const form = h(
    'form',
    { onsubmit },
    h('div', { class: 'field' }, h('label', { for: 'group-title' }, 'Name of the group'), title),
    picker.element,
    error,
    h('div', { class: 'dialog-tools' }, create),
  );
  const dialog = openDialog('New group', form);
}

/** A phone field that collects people; Enter adds one. */
export function peoplePicker({ m, actions, error }) {
  const people = new Map();
  const chosen = h('ul', { class: 'chosen', 'aria-label': 'People to add' });
  const phone = h('input', {
    id: 'pick-phone',
    type: 'tel',
    autocomplete: 'off',
    placeholder: '+49 151 23456789',
    onkeydown: onEnter,
  });
  const button = h('button', { class: 'quiet', type: 'button', onclick: tryAdd }, 'Add');
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: 'pick-phone' }, 'People, by phone number'),
    h('div', { class: 'field-row' }, phone, button),
    chosen,
  );

  function onEnter(e) {
    if (e.key !== 'Enter' || !phone.value.trim()) return;
    e.preventDefault();
    tryAdd();
  }

  async function tryAdd() {
    error.textContent = '';
    try {
      await add();
    } catch (refusal) {
      error.textContent = explain(refusal);
    }
    phone.focus();
  }

  async function add() {
    const user = await actions.lookup(phone.value);
    m.people.learn(user);
    people.set(user.id, user);
    phone.value = '';
    draw();
  }

  function draw() {
    const chips = [...people.values()].map((user) => {
      const name = m.people.name(user.id);
      return h(
        'li',
        {},
        name,
        h(
          'button',
          {
            type: 'button',
            'aria-label': `Do not add ${name}`,
            onclick: () => (people.delete(user.id), draw(), phone.focus()),
          },
          '×',
        ),
      );
    });
    chosen.replaceChildren(...chips);
  }

  return {
    element,
    add,
    get ids() {
      return [...people.keys()];
    },
    get pendingText() {
      return phone.value.trim();
    },
  };
}

export async function openAssistant({ m, actions }) {
  try {
    go(await actions.assistant());
  } catch (error) {
    m.notice(explain(error));
  }
}
