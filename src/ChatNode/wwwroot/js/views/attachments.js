import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

const shown = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** The files of a message: pictures small, everything else as a card. */
export function attachmentsView(attachments, { m }) {
  if (!attachments?.length) return null;
  return h(
    'div',
    { class: 'files' },
    attachments.map((file) => (shown.has(file.type) ? picture(file, m) : card(file, m))),
  );
}

export function sizeText(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

function picture(file, m) {
  const image = h('img', { alt: file.name, width: file.width, height: file.height, loading: 'lazy' });
  const button = h(
    'button',
    { class: 'picture', type: 'button', title: `Download ${file.name}`, onclick: () => save(file, m) },
    image,
  );
  m.files.url(file).then(
    (url) => (image.src = url),
    () => button.replaceWith(card(file, m)),
  );
  return button;
}

function card(file, m) {
  return h(
    'button',
    { class: 'file-card', type: 'button', title: 'Download', onclick: () => save(file, m) },
    icon('file'),
    h('span', { class: 'file-name' }, file.name),
    h('small', {}, sizeText(file.size)),
  );
}

const save = (file, m) => m.files.save(file).catch((error) => m.notice(error.message));
