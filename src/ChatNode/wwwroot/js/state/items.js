import { dayKey } from './time.js';

/**
 * What a chat's log shows, top to bottom: day separators, the mark of what is new, messages, lines about the group,
 * messages not sent yet, and the assistant's answers under way.
 */
export function logItems(chat, { me, outbox, runs, newSince }) {
  const messages = [...chat.messages.values()].sort((a, b) => a.seq - b.seq);
  const oldest = chat.hasOlder ? (messages[0]?.seq ?? Infinity) : 0;
  const newest = chat.hasNewer ? (messages.at(-1)?.seq ?? 0) : Infinity;
  const lines = [...chat.lines.values()].filter((l) => l.seq >= oldest && l.seq <= newest);
  const asides = runs.filter(isAside).map((run) => ({ seq: run.after + 0.5, run: run.run, aside: run }));
  const settled = [...messages, ...lines, ...asides.filter((a) => a.seq >= oldest)].sort((a, b) => a.seq - b.seq);

  const items = [];
  let day = null;
  let marked = newSince === undefined;
  let previous = null;
  for (const entry of settled) {
    if (entry.aside) {
      items.push({ key: `run-${entry.run}`, type: 'run', run: entry.aside });
      previous = null;
      continue;
    }
    if (dayKey(entry.ts) !== day) {
      day = dayKey(entry.ts);
      items.push({ key: `day-${day}`, type: 'day', ts: entry.ts });
      previous = null;
    }
    if (entry.ev) {
      items.push({ key: `line-${entry.seq}`, type: 'line', event: entry });
      previous = null;
      continue;
    }
    if (!marked && entry.seq > newSince && entry.sender !== me) {
      marked = true;
      items.push({ key: 'new', type: 'new' });
      previous = null;
    }
    items.push({ key: keyOf(entry, me), type: 'message', message: entry, follows: follows(previous, entry) });
    previous = entry;
  }
  if (chat.hasNewer) return items;

  const known = new Set(messages.map((m) => m.cid));
  for (const entry of outbox) if (!known.has(entry.cid)) items.push({ key: `m-${entry.cid}`, type: 'pending', entry });
  for (const run of runs) if (!isAside(run)) items.push({ key: `run-${run.run}`, type: 'run', run });
  return items;
}

// What does not become a message stays where it was asked for.
const isAside = (run) => run.private || run.status === 'cancelled' || run.status === 'failed';

// An own message keeps its place in the page from the moment it is written: its key is the cid.
const keyOf = (message, me) => (message.sender === me && message.cid ? `m-${message.cid}` : `s-${message.seq}`);

const follows = (previous, entry) =>
  previous !== null && previous.sender === entry.sender && Date.parse(entry.ts) - Date.parse(previous.ts) < 5 * 60_000;
