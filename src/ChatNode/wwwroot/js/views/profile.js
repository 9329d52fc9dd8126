import { h } from '../ui/dom.js';
import { openDialog } from '../ui/dialog.js';
import { stampOf } from '../state/time.js';

/** The person's name, their devices, and the way out. */
export function profileDialog({ m }) {
  const name = h('input', {
    id: 'my-name',
    value: m.session.user.display_name ?? '',
    maxlength: '64',
    autocomplete: 'name',
  });
  const devices = h('ul', { class: 'members' });
  const unsent = m.client.outbox.size;
  const out = h('button', { class: 'danger', type: 'button', onclick: signOut }, 'Sign out');
  const form = h(
    'form',
    { class: 'field', onsubmit: saveName },
    h('label', { for: 'my-name' }, 'Your name'),
    h('div', { class: 'field-row' }, name, h('button', { class: 'primary', type: 'submit' }, 'Save')),
  );
  const seen = h(
    'select',
    { id: 'my-last-seen', onchange: saveLastSeen, disabled: true },
    h('option', { value: 'everyone' }, 'Everyone'),
    h('option', { value: 'contacts' }, 'People I have a chat with'),
    h('option', { value: 'nobody' }, 'Nobody'),
  );
  const dialog = openDialog(
    'You',
    h(
      'div',
      { class: 'details' },
      h('p', { class: 'hint' }, m.session.user.phone_number),
      form,
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'my-last-seen' }, 'Who sees when I am here'),
        seen,
        h('small', { class: 'hint' }, 'From whom you hide, you do not see either.'),
      ),
      h('h3', {}, 'Devices'),
      devices,
      unsent > 0 &&
        h('p', { class: 'form-error' }, `${unsent} unsent ${unsent === 1 ? 'message' : 'messages'} will be lost.`),
      out,
    ),
  );

  async function saveName(e) {
    e.preventDefault();
    try {
      const user = await m.api.patch('/v1/me', { display_name: name.value.trim() });
      m.session.user = { ...m.session.user, ...user, display_name: user?.display_name ?? name.value.trim() };
      m.people.learn(m.session.user);
      m.changed('people');
      dialog.close();
    } catch (error) {
      m.notice(error.message);
    }
  }

  async function showLastSeen() {
    const me = await m.api.get('/v1/me').catch(() => null);
    if (!me) return;
    seen.value = me.last_seen ?? 'everyone';
    seen.disabled = false;
  }

  async function saveLastSeen() {
    try {
      await m.api.patch('/v1/me', { last_seen: seen.value });
    } catch (error) {
      m.notice(error.message);
      showLastSeen();
    }
  }

  async function showDevices() {
    const answer = await m.api.get('/v1/devices').catch(() => null);
    if (!answer) return;
    devices.replaceChildren(
      ...answer.devices.map((d) =>
        h(
          'li',
          {},
          h(
            'span',
            { class: 'member-name' },
            d.name || 'Device',
            h('small', {}, ` last seen ${stampOf(d.last_seen_at)}`),
          ),
          d.current
            ? h('span', { class: 'tag' }, 'this one')
            : h('button', { class: 'quiet danger', type: 'button', onclick: () => revoke(d) }, 'Sign out'),
        ),
      ),
    );
  }

  async function revoke(device) {
    await m.api.delete(`/v1/devices/${device.id}`).catch((error) => m.notice(error.message));
    showDevices();
  }

  async function signOut() {
    dialog.close();
    m.stop();
    m.client.outbox.clear();
    await m.session.signOut();
  }

  showDevices();
  showLastSeen();
}
