import { h, setText } from '/js/ui/dom.js';
import { count, moment, span } from '/status/format.js';

/** Figures over the whole cluster. */
export class Totals {
  #values = new Map();

  constructor() {
    const figure = (key, name) => {
      const value = h('dd', { class: 'value', 'data-figure': key }, '–');
      this.#values.set(key, value);
      return h('div', { class: 'figure' }, h('dt', {}, name), value);
    };
    this.element = h(
      'dl',
      { class: 'figures' },
      figure('nodes', 'Nodes up'),
      figure('connections', 'Sockets'),
      figure('messages', 'Messages a second'),
      figure('waiting', 'Runs waiting'),
      figure('workers', 'Workers busy'),
      figure('lag', 'Read tables behind'),
    );
  }

  show(cluster, messages) {
    const up = cluster.members.filter((m) => m.status === 'up' && !m.unreachable).length;
    const { queue, workers } = cluster.assistant;
    const busy = workers.reduce((sum, w) => sum + w.busy, 0);
    this.#set('nodes', `${up} of ${cluster.members.length}`, up < cluster.members.length ? 'bad' : 'good');
    this.#set('connections', count(cluster.members.reduce((sum, m) => sum + (m.stats?.connections ?? 0), 0)));
    this.#set('messages', messages === undefined ? '…' : messages.toFixed(1));
    this.#set('waiting', queue ? count(queue.asked + queue.catch_ups + queue.rolling) : '?', queue ? '' : 'bad');
    this.#set('workers', `${busy} of ${workers.reduce((sum, w) => sum + w.busy + w.idle, 0)}`);
    const { reachable, lag_seconds: lag } = cluster.journal;
    this.#set('lag', reachable ? span(lag) : 'no database', !reachable || lag > 10 ? 'bad' : '');
  }

  #set(key, text, tone = '') {
    setText(this.#values.get(key), text);
    this.#values.get(key).dataset.tone = tone;
  }
}

/** The assistant's switch and queue. */
export class AssistantPanel {
  constructor(toggle, sweep) {
    this.switch = h('button', { class: 'switch', type: 'button', role: 'switch', 'aria-checked': 'false', onclick: () => toggle(this.enabled !== true) }, 'Assistant');
    this.queue = h('p', { class: 'line' });
    this.since = h('p', { class: 'line muted' });
    this.element = h(
      'section',
      { class: 'panel', 'aria-labelledby': 'assistant-title' },
      h('h2', { id: 'assistant-title' }, 'Assistant'),
      this.switch,
      this.queue,
      this.since,
      h('button', { class: 'button', type: 'button', onclick: sweep }, 'Sweep summaries now'),
    );
  }

  show({ enabled, since, queue }) {
    this.enabled = enabled;
    this.switch.setAttribute('aria-checked', String(enabled === true));
    setText(this.switch, enabled === null ? 'The switch does not answer' : enabled ? 'On for everyone' : 'Off for everyone');
    setText(this.since, since ? `Switched ${moment(since)}` : 'Never switched');
    setText(
      this.queue,
      queue ? `Waiting: ${queue.asked} asked, ${queue.catch_ups} catch-ups, ${queue.rolling} rolling. Running: ${queue.running}.` : 'The queue does not answer.',
    );
  }
}

/** The journal and what follows it. */
export class JournalPanel {
  #list = h('dl', { class: 'pairs' });

  constructor() {
    this.element = h('section', { class: 'panel', 'aria-labelledby': 'journal-title' }, h('h2', { id: 'journal-title' }, 'Journal'), this.#list);
  }

  show({ reachable, head, lag_seconds: lag, projections }) {
    const behind = Math.max(0, ...projections.map((p) => p.behind));
    const pairs = [
      ['Database', reachable ? 'answers' : 'does not answer'],
      ['Newest event', count(head)],
      ['Read tables', behind === 0 ? 'up to date' : `${count(behind)} events behind`],
      ['Behind for', span(lag)],
    ];
    if (this.#list.childElementCount === 0) for (const [name] of pairs) this.#list.append(h('dt', {}, name), h('dd'));
    pairs.forEach(([, value], i) => setText(this.#list.children[i * 2 + 1], value));
  }
}

/** The last things that operators did. */
export class AuditPanel {
  #body = h('tbody');
  #newest = '';

  constructor() {
    const names = ['When', 'What', 'Which', 'How it ended', 'Token', 'From'];
    this.element = h(
      'section',
      { class: 'panel wide', 'aria-labelledby': 'audit-title' },
      h('h2', { id: 'audit-title' }, 'What operators did'),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Audit log' },
        h('table', {}, h('caption', { class: 'visually-hidden' }, 'Newest first'), h('thead', {}, h('tr', {}, names.map((n) => h('th', { scope: 'col' }, n)))), this.#body),
      ),
    );
  }

  show({ entries }) {
    const newest = JSON.stringify(entries);
    if (newest === this.#newest) return;
    this.#newest = newest;
    const rows = entries.map((e) =>
      h(
        'tr',
        {},
        [moment(e.at), e.action, e.target || 'the cluster', e.detail ?? e.outcome ?? 'not known', e.token, e.address].map((text, i) =>
          h('td', { class: i === 3 && e.outcome !== 'done' ? 'bad' : '' }, text),
        ),
      ),
    );
    this.#body.replaceChildren(...(rows.length ? rows : [h('tr', {}, h('td', { colspan: 6 }, 'Nothing yet.'))]));
  }
}
