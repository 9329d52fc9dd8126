import { h, setText } from '/js/ui/dom.js';
import { count, entities, megabytes, span } from '/status/format.js';

const columns = ['Node', 'State', 'Sockets', 'In memory', 'Messages', 'Assistant', 'Load', 'Up for', ''];
const figures = 6;

/** The table of members. Rows stay the same elements from look to look, so that the focus stays where it is. */
export class NodeTable {
  #rows = new Map();
  #body = h('tbody');

  constructor(act) {
    this.act = act;
    this.element = h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of nodes' },
      h(
        'table',
        { class: 'nodes' },
        h('caption', { class: 'visually-hidden' }, 'Members of the cluster'),
        h('thead', {}, h('tr', {}, columns.map((name) => (name ? h('th', { scope: 'col' }, name) : h('td', {}, h('span', { class: 'visually-hidden' }, 'Actions')))))),
        this.#body,
      ),
    );
  }

  show(cluster, ratesOf) {
    const workers = new Map(cluster.assistant.workers.map((w) => [w.node, w]));
    const seen = new Set();
    for (const member of [...cluster.members].sort((a, b) => a.node.localeCompare(b.node, 'en', { numeric: true }))) {
      seen.add(member.node);
      if (!this.#rows.has(member.node)) this.#rows.set(member.node, this.#makeRow(member.node));
      const row = this.#rows.get(member.node);
      if (row.element.parentNode !== this.#body) this.#body.append(row.element);
      fill(row, member, workers.get(member.node), ratesOf(member));
    }
    for (const [node, row] of this.#rows) {
      if (seen.has(node)) continue;
      row.element.remove();
      this.#rows.delete(node);
    }
  }

  #makeRow(node) {
    const button = (name, action) =>
      h('button', { class: 'button', type: 'button', 'data-action': action, onclick: () => this.act(action, node) }, name);
    const row = {
      name: h('span', { class: 'name' }, node),
      marks: h('span', { class: 'marks' }),
      state: h('span', { class: 'state' }),
      why: h('span', { class: 'why' }),
      cells: Array.from({ length: figures }, () => [h('span', { class: 'main' }), h('span', { class: 'sub' })]),
      drain: button('Drain', 'drain'),
      undrain: button('Take back', 'undrain'),
      leave: button('Leave', 'leave'),
      down: button('Down', 'down'),
    };
    for (const action of ['drain', 'undrain', 'leave', 'down']) row[action].setAttribute('aria-label', `${row[action].textContent} ${node}`);
    row.element = h(
      'tr',
      { 'data-node': node },
      h('th', { scope: 'row' }, row.name, row.marks),
      h('td', {}, row.state, row.why),
      row.cells.map((lines) => h('td', {}, lines)),
      h('td', { class: 'actions' }, row.drain, row.undrain, row.leave, row.down),
    );
    return row;
  }
}

function fill(row, member, workers, rates) {
  const { stats } = member;
  setText(row.marks, [...member.roles, member.leader && 'leader', member.oldest && 'oldest', member.self && 'answers here'].filter(Boolean).join(' · '));
  const [state, tone] = stateOf(member);
  setText(row.state, state);
  row.state.dataset.tone = tone;
  setText(row.why, stats?.not_ready ?? '');
  const [chats, users] = [entities(member, 'chats'), entities(member, 'users')];
  const busy = workers?.busy ?? 0;
  const values = stats
    ? [
        [count(stats.connections), stats.sessions === stats.connections ? '' : `${count(stats.sessions)} signed in`],
        chats ? [held(chats, 'chat'), held(users, 'user')] : [],
        [rates.messages === undefined ? '…' : `${rates.messages.toFixed(1)}/s`, `${count(stats.messages)} in all`],
        stats.provider ? [`${busy} of ${busy + (workers?.idle ?? 0)} busy`, stats.provider] : [],
        [rates.cpu === undefined ? '…' : `${Math.round(rates.cpu * 100)} % CPU`, megabytes(stats.working_set)],
        [span((Date.now() - Date.parse(stats.started_at)) / 1000), stats.version],
      ]
    : [];
  row.cells.forEach(([main, below], i) => {
    setText(main, values[i]?.[0] ?? '–');
    setText(below, values[i]?.[1] ?? '');
  });
  row.drain.hidden = !stats || stats.draining || !member.roles.includes('gateway');
  row.undrain.hidden = !stats?.draining;
  row.leave.hidden = member.unreachable || member.status !== 'up';
  row.down.hidden = !member.unreachable;
}

const plural = (n, what) => `${count(n)} ${what}${n === 1 ? '' : 's'}`;
const held = (of, what) => `${plural(of?.entities ?? 0, what)} in ${plural(of?.shards ?? 0, 'shard')}`;

function stateOf(member) {
  if (member.unreachable) return ['unreachable', 'bad'];
  if (member.status !== 'up') return [member.status.replace('_', ' '), 'warn'];
  if (member.answer === 'none') return ['silent', 'bad'];
  if (member.stats?.draining) return ['drained', 'warn'];
  if (member.stats?.not_ready) return ['not ready', 'warn'];
  return ['up', 'good'];
}
