import { h } from './dom.js';
import { icon } from './icons.js';

/**
 * A modal dialog: the browser keeps the focus inside, Escape closes, the focus goes
 * back afterwards unless it is closed with `moved-on`.
 */
export function openDialog(title, body, { className = '', onClose } = {}) {
  const close = h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Close' }, icon('close'));
  const heading = h('h2', { id: 'dialog-title' }, title);
  const dialog = h(
    'dialog',
    { class: `dialog ${className}`.trim(), 'aria-labelledby': 'dialog-title' },
    h('header', { class: 'dialog-head' }, heading, close),
    h('div', { class: 'dialog-body' }, body),
  );
  const before = document.activeElement;
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (e) => e.target === dialog && dialog.close());
  dialog.addEventListener('close', () => {
    dialog.remove();
    onClose?.();
    if (before?.isConnected && dialog.returnValue !== 'moved-on') before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('[autofocus], input')?.focus();
  return dialog;
}
