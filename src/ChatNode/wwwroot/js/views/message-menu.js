import { h } from '../ui/dom.js';
import { openDialog } from '../ui/dialog.js';
import { openMenu } from '../ui/menu.js';
import { fullTime } from '../state/time.js';

const emojis = ['👍', '❤️', '😂', '😮', '🙏', '✅'];

/** What can be done with a message; what the server refused as unsupported is not offered again. */
export function messageMenu({ m, actions, composer, anchor, message }) {
  const own = message.sender === m.me;
  const offers = (op) => !m.unsupported.has(op);
  const role = m.chat?.members?.find((x) => x.user === m.me)?.role;
  const mayDelete = own || (m.chat?.type === 'group' && (role === 'owner' || role === 'admin'));
  openMenu(anchor, 'Message actions', [
    { text: 'Reply', act: () => composer.replyTo(message) },
    offers('message.react') && { text: 'React…', act: () => pickReaction(actions, message, anchor) },
    { text: 'Copy text', act: () => copy(m, message.text) },
    own && offers('message.edit') && { text: 'Edit', act: () => composer.edit(message) },
    message.is_ai && message.run && { text: 'How this came about…', act: () => provenance(m, message.run) },
    mayDelete && offers('message.delete') && { text: 'Delete', danger: true, act: () => actions.remove(message.seq) },
  ]);
}

function pickReaction(actions, message, anchor) {
  openMenu(
    anchor,
    'Reactions',
    emojis.map((emoji) => ({ text: emoji, act: () => actions.react(message.seq, emoji) })),
  );
}

async function copy(m, text) {
  try {
    await navigator.clipboard.writeText(text);
    m.notice('Copied.');
  } catch {
    m.notice('The browser does not allow copying here.');
  }
}

const facts = [
  ['Made by', (r) => r.provider],
  ['Model', (r) => r.model],
  ['Model file, SHA-256', (r) => r.model_sha256],
  ['Prompt version', (r) => r.prompt_version],
  ['Summary version', (r) => r.summary_version || null],
  ['Messages used', (r) => r.last_seq && `#${r.first_seq} to #${r.last_seq}`],
  ['Messages cited', (r) => r.cites?.map((seq) => `#${seq}`).join(', ')],
  ['Tokens', (r) => (r.tokens_in || r.tokens_out) && `${r.tokens_in} in, ${r.tokens_out} out`],
  ['Asked', (r) => r.requested_at && fullTime(r.requested_at)],
  ['Took', (r) => r.ended_at && `${((Date.parse(r.ended_at) - Date.parse(r.requested_at)) / 1000).toFixed(1)} s`],
];

/** Provenance of an answer. */
async function provenance(m, run) {
  try {
    const answer = await m.api.get(`/v1/ai/runs/${run}`);
    const rows = facts
      .map(([name, of]) => [name, of(answer)])
      .filter(([, value]) => value)
      .map(([name, value]) => [h('dt', {}, name), h('dd', {}, String(value))]);
    openDialog('How this answer came about', h('dl', { class: 'facts' }, rows));
  } catch (error) {
    m.notice(error.message);
  }
}
