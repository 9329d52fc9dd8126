import { h } from '/js/ui/dom.js';

/** Asks before something that cannot simply be undone. Escape and Cancel say no. */
export function confirmed(title, text, yes) {
  return new Promise((resolve) => {
    const cancel = h('button', { class: 'button', type: 'button', autofocus: true, onclick: () => dialog.close('no') }, 'Cancel');
    const go = h('button', { class: 'button danger', type: 'button', onclick: () => dialog.close('yes') }, yes);
    const before = document.activeElement;
    const dialog = h(
      'dialog',
      { class: 'confirm', 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' },
      h('h2', { id: 'confirm-title' }, title),
      h('p', { id: 'confirm-text' }, text),
      h('div', { class: 'row' }, cancel, go),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
