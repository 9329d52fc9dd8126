/** The words of a message in a list; its first file's name where it has none. */
export function wordsOf({ text, attachments = [] }) {
  if (!attachments.length) return text ?? '';
  const more = attachments.length > 1 ? ` +${attachments.length - 1}` : '';
  return `📎 ${text || attachments[0].name + more}`;
}
