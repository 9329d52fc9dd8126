import { openMenu } from '../ui/menu.js';
import { provenanceDialog } from './provenance.js';

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
    message.is_ai &&
      message.run &&
      m.chat?.ai_enabled !== false && { text: 'Answer again', act: () => actions.regenerate({ run: message.run }) },
    message.is_ai && message.run && { text: 'How this came about…', act: () => provenanceDialog(m, message.run) },
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
