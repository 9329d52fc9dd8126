/** How chats and events are called on the page. */
export function chatTitle(chat, m) {
  if (chat.title) return chat.title;
  if (chat.type === '1_to_1') return m.people.name(peerOf(chat, m));
  const others = (chat.members ?? []).map((x) => x.user).filter((id) => id !== m.me);
  return others.length ? others.map((id) => m.people.name(id)).join(', ') : 'Group';
}

export const peerOf = (chat, m) => chat.peer ?? chat.members?.find((x) => x.user !== m.me)?.user;

export const isAssistantChat = (chat, m) => chat.type === '1_to_1' && peerOf(chat, m) === m.people.aiUser;

/** Whether the other one of a 1:1 chat is there, as far as an open connection can tell. */
export const isPeerOnline = (chat, m) =>
  m.client.state.name === 'online' && chat.type === '1_to_1' && m.people.presence(peerOf(chat, m))?.online === true;

export const nameOf = (id, m) => (id === m.me ? 'You' : m.people.name(id));

export function lineText({ ev, d }, m) {
  const by = nameOf(d.by, m);
  const whom = d.user && (d.user === m.me ? 'you' : m.people.name(d.user));
  switch (ev) {
    case 'chat.created':
      return d.type === 'group'
        ? `${by} created the group${d.title ? ` “${d.title}”` : ''}`
        : 'The conversation begins here';
    case 'member.added':
      return d.user === d.by ? `${by} joined` : `${by} added ${whom}`;
    case 'member.removed':
      return d.user === d.by ? `${by} left` : `${by} removed ${whom}`;
    case 'member.role':
      return `${by} made ${whom} ${{ owner: 'the owner', admin: 'an admin' }[d.role] ?? 'a member'}`;
    case 'chat.updated':
      return d.title ? `${by} named the group “${d.title}”` : `${by} changed the group`;
    case 'ai.policy':
      return `${by} turned the assistant ${d.ai_enabled ? 'on' : 'off'}`;
    default:
      return '';
  }
}
