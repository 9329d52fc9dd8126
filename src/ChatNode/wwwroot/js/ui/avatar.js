import { h } from './dom.js';
import { icon } from './icons.js';

/** A round picture of initials; the colour is one of twelve and always the same for an id. */
export function avatar(id, name, { ai = false, group = false, online = false, small = false } = {}) {
  const hue = ai ? 'ai' : hueOf(id);
  const picture = ai ? icon('spark') : group && !name ? icon('people') : null;
  const dot = online && h('span', { class: 'online-dot' });
  // Drawn by the style sheet: a picture, not text to be read out or found.
  const letters = picture ? undefined : initials(name);
  return h(
    'span',
    { class: `avatar hue-${hue}${small ? ' small' : ''}`, 'data-initials': letters, 'aria-hidden': 'true' },
    picture,
    dot,
  );
}

function initials(name) {
  const words = (name ?? '')
    .replace(/[^\p{L}\p{N} ]/gu, ' ')
    .split(/\s+/)
    .filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((w) => [...w][0].toUpperCase()).join('') || '?';
}

export function hueOf(id) {
  let sum = 0;
  for (const c of id ?? '') sum = (sum * 31 + c.charCodeAt(0)) >>> 0;
  return sum % 12;
}
