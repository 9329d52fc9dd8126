import { avatar } from '../ui/avatar.js';
import { h } from '../ui/dom.js';
import { openDialog } from '../ui/dialog.js';
import { chatTitle, isAssistantChat } from './naming.js';
import { explain, peoplePicker } from './new-chat.js';

/** Title, members, the assistant's switch and the person's own settings of the open chat. */
export function detailsDialog({ m, actions }) {
  const body = h('div', { class: 'details' });
  const dialog = openDialog('Details', body, { onClose: () => off() });
  const off = m.on('change', (topics) => topics.has('chat') && refresh());
  let drawn = '';

  // Drawn anew only when something shown here changed, so that typing in a field is not disturbed.
  function refresh() {
    const { chat } = m;
    if (!chat) {
      dialog.close();
      return;
    }
    const look = JSON.stringify([
      chat.title,
      chat.ai_enabled,
      chat.muted,
      chat.pinned,
      chat.archived,
      m.people.isBlocked(chat.peer),
      chat.members?.map((x) => [x.user, x.role, m.people.name(x.user)]),
    ]);
    if (look !== drawn) body.replaceChildren(...draw(chat));
    drawn = look;
  }

  function draw(chat) {
    const mine = chat.members?.find((x) => x.user === m.me)?.role;
    const group = chat.type === 'group';
    const manages = group && (mine === 'owner' || mine === 'admin');
    const parts = [
      group && titleForm(chat, manages),
      !isAssistantChat(chat, m) &&
        toggle(
          'Assistant',
          'It may read this conversation and answers when asked with @AI.',
          chat.ai_enabled !== false,
          (on) => actions.set({ ai_enabled: on }),
        ),
      toggle('Muted', 'Not counted as unread in the page title.', chat.muted, (on) => actions.set({ muted: on })),
      toggle('Pinned', 'Stays at the top of the list.', chat.pinned, (on) => actions.set({ pinned: on })),
      toggle('Archived', 'Hidden from the list, found by its name.', chat.archived, (on) =>
        actions.set({ archived: on }),
      ),
      !group &&
        !isAssistantChat(chat, m) &&
        toggle(
          'Blocked',
          `${m.people.name(chat.peer)} cannot write to you here.`,
          m.people.isBlocked(chat.peer),
          (on) => actions.block(chat.peer, on),
        ),
      group && h('h3', {}, 'Members'),
      group &&
        h(
          'ul',
          { class: 'members' },
          (chat.members ?? []).map((x) => member(x, mine)),
        ),
      manages && addForm(),
      group && h('button', { class: 'danger', type: 'button', onclick: leave }, 'Leave group'),
    ];
    return parts.filter(Boolean);
  }

  function titleForm(chat, manages) {
    const input = h('input', { id: 'chat-title', value: chat.title ?? '', disabled: !manages, maxlength: '128' });
    const onsubmit = (e) => (e.preventDefault(), actions.set({ title: input.value.trim() }));
    return h(
      'form',
      { class: 'field', onsubmit },
      h('label', { for: 'chat-title' }, 'Name'),
      h('div', { class: 'field-row' }, input, manages && h('button', { class: 'quiet', type: 'submit' }, 'Save')),
    );
  }

  function toggle(label, hint, on, change) {
    const box = h('input', {
      type: 'checkbox',
      role: 'switch',
      checked: on === true,
      onchange: async () => (await change(box.checked)) || (box.checked = !box.checked),
    });
    return h('label', { class: 'toggle' }, h('span', {}, label, h('small', {}, hint)), box);
  }

  function member({ user, role }, mine) {
    const name = m.people.name(user);
    const outranks = mine === 'owner' || (mine === 'admin' && role === 'member');
    return h(
      'li',
      {},
      avatar(user, name, { ai: user === m.people.aiUser, small: true }),
      h('span', { class: 'member-name' }, user === m.me ? `${name} (you)` : name),
      role !== 'member' && h('span', { class: 'tag' }, role),
      mine === 'owner' &&
        user !== m.me &&
        user !== m.people.aiUser &&
        h(
          'button',
          {
            class: 'quiet',
            type: 'button',
            onclick: () => actions.setRole(user, role === 'admin' ? 'member' : 'admin'),
          },
          role === 'admin' ? 'Make member' : 'Make admin',
        ),
      outranks &&
        user !== m.me &&
        user !== m.people.aiUser &&
        h(
          'button',
          {
            class: 'quiet danger',
            type: 'button',
            'aria-label': `Remove ${name}`,
            onclick: () => actions.removeMember(user),
          },
          'Remove',
        ),
    );
  }

  function addForm() {
    const error = h('p', { class: 'form-error', role: 'alert' });
    const picker = peoplePicker({ m, actions, error });
    const onsubmit = async (e) => {
      e.preventDefault();
      try {
        if (picker.pendingText) await picker.add();
        if (picker.ids.length) await actions.addMembers(picker.ids);
      } catch (refusal) {
        error.textContent = explain(refusal);
      }
    };
    return h(
      'form',
      { onsubmit },
      picker.element,
      error,
      h('button', { class: 'primary', type: 'submit' }, 'Add to group'),
    );
  }

  async function leave() {
    if (await actions.removeMember(m.me)) dialog.close();
  }

  refresh();
}
