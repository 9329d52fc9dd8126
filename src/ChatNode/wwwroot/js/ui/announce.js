import { h } from './dom.js';

let region = null;

/** Says something to a screen reader without moving the focus. */
export function announce(text) {
  if (!region) {
    region = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite', id: 'announcer' });
    document.body.append(region);
  }
  region.replaceChildren(h('p', {}, text));
}
