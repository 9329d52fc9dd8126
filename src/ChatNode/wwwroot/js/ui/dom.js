const properties = new Set(['value', 'checked', 'disabled', 'hidden', 'selected', 'open']);

/** Makes an element. Strings among the children become text, never markup. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (properties.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(2).filter((c) => c !== undefined && c !== null && c !== false));
  return element;
}

export const classes = (...names) => names.filter(Boolean).join(' ');

/** Sets text only where it differs, so that a live region is not read twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export const isTouch = () => matchMedia('(pointer: coarse)').matches;
export const isNarrow = () => matchMedia('(max-width: 760px)').matches;
