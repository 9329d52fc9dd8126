import { h, setText } from '/js/ui/dom.js';
import { AdminApi, Refused } from '/status/api.js';
import { confirmed } from '/status/confirm.js';
import { clock, rates } from '/status/format.js';
import { NodeTable } from '/status/nodes.js';
import { AssistantPanel, AuditPanel, JournalPanel, Totals } from '/status/panels.js';

const key = 'chatai.operator';
const every = 2000;
const root = document.getElementById('status');
const said = document.getElementById('said');

/** Gone with the tab: the token is in no storage that outlives it. */
const stored = sessionStorage.getItem(key);
if (stored) watch(stored);
else signIn();

function signIn(problem = '') {
  sessionStorage.removeItem(key);
  const token = h('input', { id: 'token', type: 'password', required: true, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'problem' });
  root.replaceChildren(
    h(
      'main',
      { class: 'sign-in' },
      h('h1', {}, 'ChatAi status'),
      h(
        'form',
        {
          onsubmit: (e) => {
            e.preventDefault();
            watch(token.value.trim());
          },
        },
        h('label', { for: 'token' }, "The operators' token"),
        token,
        h('p', { id: 'problem', class: 'problem', role: 'alert' }, problem),
        h('button', { class: 'button primary', type: 'submit' }, 'Show'),
      ),
    ),
  );
  token.focus();
}

function watch(token) {
  const api = new AdminApi(token);
  const live = h('p', { class: 'live' }, 'Asking …');
  const table = new NodeTable(act);
  const totals = new Totals();
  const assistant = new AssistantPanel(toggle, () => run(() => api.sweep(), (s) => `${s.stale} rooms asked for a new summary, ${s.woken} woken.`));
  const journal = new JournalPanel();
  const audit = new AuditPanel();
  let before = null;
  let timer = 0;
  let stopped = false;
  let shown = false;

  look();
  document.addEventListener('visibilitychange', onVisible);

  function show() {
    shown = true;
    sessionStorage.setItem(key, token);
    root.replaceChildren(
      h(
        'header',
        { class: 'top' },
        h('h1', {}, 'ChatAi status'),
        live,
        h('button', { class: 'button', type: 'button', onclick: () => leave() }, 'Sign out'),
      ),
      h(
        'main',
        {},
        totals.element,
        h('section', { class: 'panel wide', 'aria-labelledby': 'nodes-title' }, h('h2', { id: 'nodes-title' }, 'Nodes'), table.element),
        assistant.element,
        journal.element,
        audit.element,
      ),
    );
  }

  async function look() {
    clearTimeout(timer);
    try {
      const [cluster, log] = await Promise.all([api.cluster(), api.audit(20).catch(() => null)]);
      if (stopped) return;
      if (!shown) show();
      draw(cluster);
      if (log) audit.show(log);
      live.dataset.tone = 'good';
      setText(live, `Live, as ${cluster.node} sees it at ${clock(cluster.at)}`);
    } catch (e) {
      if (stopped) return;
      if (!shown || e.status === 401) return leave(problemOf(e));
      live.dataset.tone = 'bad';
      setText(live, `No answer since ${before ? clock(before.at) : 'the start'}: ${problemOf(e)}`);
    }
    if (!document.hidden) timer = setTimeout(look, every);
  }

  function draw(cluster) {
    const seconds = before ? (Date.parse(cluster.at) - Date.parse(before.at)) / 1000 : 0;
    const earlier = new Map(before?.members.map((m) => [m.node, m]));
    const all = new Map(cluster.members.map((m) => [m.node, rates(earlier.get(m.node), m, seconds)]));
    const known = [...all.values()].map((r) => r.messages).filter((m) => m !== undefined);
    totals.show(cluster, known.length ? known.reduce((a, b) => a + b, 0) : undefined);
    table.show(cluster, (member) => all.get(member.node));
    assistant.show(cluster.assistant);
    journal.show(cluster.journal);
    before = cluster;
  }

  async function act(action, node) {
    const asked = {
      drain: ['Drain', 'Its sockets are told to go elsewhere and no new ones are let in. It stays a member.'],
      leave: ['Let go', 'It shuts down in order: sockets, shards, cluster, process. Something else must start it again.'],
      down: ['Down', 'The cluster goes on without it. If it still runs, it ends itself when it hears of that.'],
    }[action];
    if (asked && !(await confirmed(`${asked[0]} ${node}?`, asked[1], asked[0]))) return;
    const call = { drain: () => api.drain(node, true), undrain: () => api.drain(node, false), leave: () => api.leave(node), down: () => api.down(node) };
    await run(call[action], () => `${node}: ${action} was done.`);
  }

  async function toggle(enabled) {
    const text = enabled ? 'Everyone can use it again.' : 'Runs under way end, nothing new starts, on every node. Messages of people go on.';
    if (await confirmed(`Switch the assistant ${enabled ? 'on' : 'off'}?`, text, enabled ? 'Switch on' : 'Switch off'))
      await run(() => api.switchAssistant(enabled), () => `The assistant is ${enabled ? 'on' : 'off'}.`);
  }

  async function run(call, done) {
    try {
      setText(said, done(await call()));
    } catch (e) {
      setText(said, problemOf(e));
      live.dataset.tone = 'bad';
      setText(live, problemOf(e));
    }
    await look();
  }

  function onVisible() {
    if (!document.hidden && !stopped) look();
  }

  function leave(problem) {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
    signIn(problem);
  }
}

function problemOf(error) {
  if (!(error instanceof Refused)) return 'The server does not answer.';
  if (error.status === 404) return 'This server has no token for operators (ChatAi__Admin__Token).';
  if (error.status === 401) return 'That is not the token.';
  return error.message;
}
