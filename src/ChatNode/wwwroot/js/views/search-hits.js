import { h } from '../ui/dom.js';
import { stampOf } from '../state/time.js';
import { chatTitle } from './naming.js';

const PAUSE_MS = 250;

/** Messages found by the words in the field above the list: chat, sender, time and the place found. */
export function searchHitsView({ m, show }) {
  const list = h('ul', { class: 'hits', 'aria-labelledby': 'hits-title' });
  const title = h('h2', { id: 'hits-title' }, 'Messages');
  const state = h('p', { class: 'hits-state', role: 'status' });
  const more = h('button', { class: 'quiet more-hits', type: 'button', onclick: () => ask(true) }, 'Older messages');
  const element = h('section', { class: 'search-hits', hidden: true }, title, state, list, more);

  let wanted = '';
  let hits = [];
  let next = null;
  let timer;
  let asked = 0;

  /** Looks again where the text is another one; an empty one ends the search. */
  function find(text) {
    if (text === wanted) return;
    wanted = text;
    clearTimeout(timer);
    asked++;
    element.hidden = !text;
    hits = [];
    next = null;
    state.textContent = 'Searching…';
    render();
    if (text) timer = setTimeout(() => ask(false), PAUSE_MS);
  }

  async function ask(older) {
    const mine = ++asked;
    try {
      const page = await m.client.request('search', { q: wanted, ...(older && next ? { before: next } : {}) });
      const unknown = [...new Set(page.hits.map((hit) => hit.chat))].filter((id) => !m.book.get(id));
      await Promise.all(unknown.map((id) => m.book.load(id).catch(() => {})));
      if (mine !== asked) return;
      hits = older ? [...hits, ...page.hits] : page.hits;
      next = page.next;
      state.textContent = hits.length || next ? '' : 'No message with these words.';
    } catch (error) {
      if (mine !== asked) return;
      state.textContent = error.message;
    }
    render();
  }

  function render() {
    list.replaceChildren(...hits.map(row));
    list.hidden = hits.length === 0;
    more.hidden = !next;
  }

  function row(hit) {
    const chat = m.book.get(hit.chat);
    return h(
      'li',
      {},
      h(
        'button',
        { class: 'hit', type: 'button', onclick: () => show(hit.chat, hit.seq) },
        h(
          'span',
          { class: 'hit-top' },
          h('span', { class: 'hit-chat' }, chat ? chatTitle(chat, m) : 'Conversation'),
          h('time', {}, stampOf(hit.ts)),
        ),
        h(
          'span',
          { class: 'hit-text' },
          h('span', { class: 'hit-sender' }, `${m.people.name(hit.sender)}: `),
          ...marked(hit),
        ),
      ),
    );
  }

  return { element, find, render };
}

/** The snippet with what was found in it as marks: text only, whatever people wrote. */
function marked({ snippet, marks }) {
  const parts = [];
  let at = 0;
  for (const [start, end] of marks) {
    parts.push(snippet.slice(at, start), h('mark', {}, snippet.slice(start, end)));
    at = end;
  }
  parts.push(snippet.slice(at));
  return parts;
}
