import { h } from './dom.js';

let closeOpenMenu = null;

/** A menu below (or above) `anchor`: arrows move, Enter chooses, Escape and a click elsewhere close. */
export function openMenu(anchor, label, choices) {
  closeOpenMenu?.();
  const items = choices.filter(Boolean).map(({ text, act, danger }) =>
    h(
      'button',
      {
        type: 'button',
        role: 'menuitem',
        tabindex: '-1',
        class: danger ? 'danger' : undefined,
        onclick: () => (close(), act()),
      },
      text,
    ),
  );
  const menu = h('div', { class: 'menu', role: 'menu', 'aria-label': label }, items);

  function close({ refocus = true } = {}) {
    menu.remove();
    document.removeEventListener('pointerdown', outside, true);
    anchor.setAttribute('aria-expanded', 'false');
    closeOpenMenu = null;
    if (refocus && anchor.isConnected) anchor.focus();
  }
  const outside = (e) => menu.contains(e.target) || close({ refocus: false });

  menu.addEventListener('keydown', (e) => {
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[e.key];
    if (to !== undefined) items.at(to % items.length).focus();
    else if (e.key === 'Escape' || e.key === 'Tab') close();
    else return;
    e.preventDefault();
    e.stopPropagation();
  });
  document.addEventListener('pointerdown', outside, true);
  document.body.append(menu);
  place(menu, anchor);
  anchor.setAttribute('aria-expanded', 'true');
  closeOpenMenu = close;
  items[0]?.focus();
}

function place(menu, anchor) {
  const a = anchor.getBoundingClientRect();
  const below = a.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.top = `${below ? a.bottom + 4 : Math.max(8, a.top - menu.offsetHeight - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(a.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`;
}
