import { h, setText } from '../ui/dom.js';

/** Says how the connection is; hidden while all is well. */
export function connectionBar(m) {
  const text = h('span', {});
  const button = h('button', { type: 'button', onclick: () => m.client.retryNow() }, 'Try now');
  const element = h('div', { class: 'connection', role: 'status', 'data-state': 'idle' }, text, button);
  let ticking = 0;

  function render() {
    const { name, retryAt, reason } = m.client.state;
    clearTimeout(ticking);
    element.dataset.state = name;
    button.hidden = name !== 'waiting' && name !== 'stopped';
    if (name === 'waiting') {
      setText(text, 'No connection. Messages you write are kept and sent later.');
      button.textContent = `Try now (${Math.max(0, Math.ceil((retryAt - Date.now()) / 1000))} s)`;
      ticking = setTimeout(render, 500);
    } else if (name === 'stopped') {
      setText(text, reason);
      button.textContent = 'Connect';
    } else setText(text, name === 'online' ? 'Connected' : 'Connecting…');
  }
  return { element, render };
}
