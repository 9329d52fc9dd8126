const SVG = 'http://www.w3.org/2000/svg';

// Strokes on a 24-unit grid.
const paths = {
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  send: 'M4.5 12L20 4.5 15.5 20l-3.8-6.2zM11.7 13.8L20 4.5',
  stop: 'M7 7h10v10H7z',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  down: 'M6 10l6 6 6-6',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c1-3.6 4-5.5 7.5-5.5s6.5 1.9 7.5 5.5',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.8-3.2 3.4-5 6.5-5s5.7 1.8 6.5 5M16 5a3.3 3.3 0 0 1 0 6.3M18 14.8c1.8.7 3 2.3 3.5 4.7',
  spark: 'M12 3.5l1.9 5.6 5.6 1.9-5.6 1.9L12 18.5l-1.9-5.6L4.5 11l5.6-1.9zM19 16.5v4M17 18.5h4',
  list: 'M5 6.5h14M5 12h14M5 17.5h8',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.3l2.8 1.7',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5M12 8h.01',
  reply: 'M9.5 6L4 11.5 9.5 17M4.5 11.5H14c3.6 0 6 2.2 6 6',
  sent: 'M5 12.5l4.5 4.5L19 7.5',
  double: 'M2.5 12.5L7 17l9-9.5M11.5 16l1 1L21.5 7.5',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  search: 'M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM16 16l4.5 4.5',
  clip: 'M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.8 17a1.6 1.6 0 0 1-2.3-2.3L15 7.3',
  file: 'M7 3.5h7l4 4V20.5H7zM14 3.5v4h4',
  quote: 'M5 7h14M5 12h9M5 17h6',
};

export function icon(name, className = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon ${className}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
