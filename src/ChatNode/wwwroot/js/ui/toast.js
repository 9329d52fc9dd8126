import { h } from './dom.js';

let stack = null;

/** A short notice at the bottom that goes away by itself. */
export function toast(text) {
  if (!stack) {
    stack = h('div', { class: 'toasts', role: 'alert' });
    document.body.append(stack);
  }
  if ([...stack.children].some((t) => t.textContent === text)) return;
  const element = h('div', { class: 'toast' }, text);
  stack.append(element);
  setTimeout(() => element.remove(), 5000);
}
