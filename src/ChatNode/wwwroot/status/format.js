const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const count = (n) => (n >= 100_000 ? short.format(n) : whole.format(n));
export const megabytes = (bytes) => `${whole.format(Math.round(bytes / 1_048_576))} MB`;
export const clock = (iso) => (iso ? new Date(iso).toLocaleTimeString('en-GB') : '');
export const moment = (iso) => (iso ? `${iso.slice(0, 10)} ${clock(iso)}` : '');

export function span(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** How much of a processor and how many messages a second, between two looks at a node. */
export function rates(before, now, seconds) {
  if (!before?.stats || !now?.stats || seconds <= 0 || before.stats.started_at !== now.stats.started_at) return {};
  return {
    cpu: Math.max(0, (now.stats.cpu_seconds - before.stats.cpu_seconds) / seconds),
    messages: Math.max(0, (now.stats.messages - before.stats.messages) / seconds),
  };
}

export const entities = (member, kind) => member.stats?.entities.find((e) => e.kind === kind);
