import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { sizeText } from './attachments.js';

const MOST = 10;

/** Files that go with the next message, each uploaded as soon as it is chosen. */
export function fileTray({ m, changed }) {
  const element = h('ul', { class: 'tray', hidden: true, 'aria-label': 'Files to send' });
  let entries = [];

  function add(files) {
    for (const file of files) {
      if (entries.length >= MOST) {
        m.notice(`One message has at most ${MOST} files.`);
        break;
      }
      start(file);
    }
    settle();
  }

  function start(file) {
    const stop = new AbortController();
    const bar = h('progress', { max: '1', value: 0, 'aria-label': `Uploading ${file.name}` });
    const row = h(
      'li',
      {},
      icon('file'),
      h('span', { class: 'file-name' }, file.name),
      h('small', {}, sizeText(file.size)),
      bar,
      h(
        'button',
        { class: 'icon-button', type: 'button', 'aria-label': `Remove ${file.name}`, onclick: () => drop(entry) },
        icon('close'),
      ),
    );
    const entry = { row, stop, done: null };
    entries.push(entry);
    element.append(row);
    m.files.upload(file, { progress: (share) => (bar.value = share), signal: stop.signal }).then(
      (attachment) => {
        entry.done = attachment;
        bar.remove();
        settle();
      },
      (error) => {
        if (error.code !== 'cancelled') m.notice(`${file.name}: ${error.message}`);
        drop(entry);
      },
    );
  }

  function drop(entry) {
    entry.stop.abort();
    entry.row.remove();
    entries = entries.filter((e) => e !== entry);
    settle();
  }

  function settle() {
    element.hidden = entries.length === 0;
    changed();
  }

  /** The attachments, once all of them are there; the tray is empty then. */
  function take() {
    const attachments = entries.map((e) => e.done);
    entries = [];
    element.replaceChildren();
    settle();
    return attachments;
  }

  return {
    element,
    add,
    take,
    clear: () => [...entries].forEach(drop),
    get size() {
      return entries.length;
    },
    get busy() {
      return entries.some((e) => !e.done);
    },
  };
}
