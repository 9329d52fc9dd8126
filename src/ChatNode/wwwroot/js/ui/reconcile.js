const known = new WeakMap();

/**
 * Makes `parent`'s children match `items` by key, keeping elements whose `signature` stayed the same, so that
 * scroll position, focus and text selection survive. `patch` may adjust what the signature leaves out.
 */
export function reconcile(parent, items, { signature, create, patch }) {
  const old = new Map([...parent.children].filter((el) => known.has(el)).map((el) => [known.get(el).key, el]));
  let at = parent.firstElementChild;
  for (const item of items) {
    const sign = signature(item);
    let element = old.get(item.key);
    old.delete(item.key);
    if (element && !same(known.get(element).sign, sign)) {
      const fresh = create(item);
      const focused = element.contains(document.activeElement);
      if (at === element) at = fresh;
      element.replaceWith(fresh);
      if (focused) fresh.focus({ preventScroll: true });
      element = fresh;
    }
    element ??= create(item);
    known.set(element, { key: item.key, sign });
    if (element === at) at = at.nextElementSibling;
    else parent.insertBefore(element, at);
    patch?.(element, item);
  }
  for (const element of old.values()) element.remove();
}

const same = (a, b) => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
