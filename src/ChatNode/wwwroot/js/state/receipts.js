/** The tick of an own message: `sent`, `delivered` when every other person has it, `read` when all have read it. */
export function tickOf(message, chat, me, aiUser) {
  const people = (chat.members ?? []).filter((m) => m.user !== me && m.user !== aiUser);
  const others = people.length ? people : (chat.members ?? []).filter((m) => m.user !== me);
  if (!others.length) return 'sent';
  if (others.every((m) => m.read >= message.seq)) return 'read';
  if (others.every((m) => Math.max(m.recv ?? 0, m.read ?? 0) >= message.seq)) return 'delivered';
  return 'sent';
}

/** Marks only rise, whatever order the receipts arrive in. */
export function applyReceipt(chat, { user, recv = 0, read = 0 }, me) {
  chat.members =
    chat.members?.map((m) =>
      m.user === user ? { ...m, recv: Math.max(m.recv ?? 0, recv), read: Math.max(m.read ?? 0, read) } : m,
    ) ?? null;
  if (user !== me || read <= (chat.read ?? 0)) return;
  chat.read = read;
  if (read >= (chat.lastSeq ?? chat.head)) chat.unread = 0;
}
