const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const shortDate = new Intl.DateTimeFormat(undefined, { day: '2-digit', month: '2-digit', year: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

export const timeOf = (ts) => clock.format(new Date(ts));
export const fullTime = (ts) => full.format(new Date(ts));

export function dayKey(ts) {
  const d = new Date(ts);
  return `${d.getFullYear()}-${d.getMonth() + 1}-${d.getDate()}`;
}

/** Whole days between the day of `ts` and today, in local time. */
export function daysAgo(ts, now = new Date()) {
  const midnight = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  return Math.round((midnight(now) - midnight(new Date(ts))) / 86_400_000);
}

export function dayLabel(ts) {
  const ago = daysAgo(ts);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  return ago > 1 && ago < 7 ? weekday.format(new Date(ts)) : date.format(new Date(ts));
}

/** For the list: the time today, else the day. */
export function stampOf(ts) {
  if (!ts) return '';
  const ago = daysAgo(ts);
  if (ago === 0) return timeOf(ts);
  if (ago === 1) return 'Yesterday';
  return ago > 1 && ago < 7 ? weekday.format(new Date(ts)) : shortDate.format(new Date(ts));
}

export function lastSeen(ts) {
  if (!ts) return '';
  const minutes = Math.floor((Date.now() - Date.parse(ts)) / 60_000);
  if (minutes < 1) return 'last seen just now';
  if (minutes < 60) return `last seen ${minutes} min ago`;
  const ago = daysAgo(ts);
  if (ago === 0) return `last seen today at ${timeOf(ts)}`;
  if (ago === 1) return `last seen yesterday at ${timeOf(ts)}`;
  return `last seen ${shortDate.format(new Date(ts))}`;
}
