import { h } from './dom.js';

const mention = /(?<![\p{L}\p{N}_@./-])@ai(?![\p{L}\p{N}_])/giu;
const marker = /\[\s*#?\d+(?:\s*[,;–-]\s*#?\d+)*\s*\]|#\d+/g;

/** A person's text with @AI set off. */
export function mentionText(text) {
  return split(text, mention, (found) => h('span', { class: 'mention' }, found));
}

/** The assistant's text; markers such as [12] or #12 that name a cited message become buttons. */
export function citedText(text, cites, citeButton) {
  const allowed = new Set(cites);
  return split(text, marker, (found) => {
    const numbers = [...found.matchAll(/\d+/g)].map(([n]) => Number(n));
    if (!numbers.every((n) => allowed.has(n))) return found;
    return numbers.map((n) => citeButton(n));
  });
}

/** The cited numbers that the text itself names. */
export function citedIn(text, cites) {
  const named = new Set([...text.matchAll(marker)].flatMap(([m]) => [...m.matchAll(/\d+/g)].map(([n]) => Number(n))));
  return cites.filter((seq) => named.has(seq));
}

function split(text, pattern, make) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(at, match.index), make(match[0]));
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts.flat().filter((p) => p !== '');
}
