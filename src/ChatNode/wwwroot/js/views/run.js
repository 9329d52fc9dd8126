import { classes, h, setText } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { citedText } from '../ui/rich-text.js';
import { avatar } from '../ui/avatar.js';
import { cites, citeButton } from './message.js';
import { madeBy } from './provenance.js';

const doing = { reply: 'is answering', summarize: 'is summarising', catchup: 'is looking at what you missed' };
function doingNow({ waiting, place, text, kind }) {
  if (waiting) return place > 1 ? `is waiting for its turn, ${place - 1} before it…` : 'is waiting for its turn…';
  return text ? `${doing[kind] ?? doing.reply}…` : 'is thinking…';
}

const over = { cancelled: 'Stopped.', failed: 'The assistant could not answer.' };

/** An answer of the assistant while it grows, and what is left of it: a private answer, or why there is none. */
export function runView(run, context) {
  const { m, actions } = context;
  const running = run.status === 'running';
  const stop = h(
    'button',
    { class: 'stop', type: 'button', onclick: (e) => ((e.currentTarget.disabled = true), actions.cancel(run.run)) },
    icon('stop'),
    'Stop',
  );
  const dismiss = h(
    'button',
    { class: 'quiet', type: 'button', onclick: () => m.client.runs.dismiss(run.run) },
    'Dismiss',
  );
  const again = h(
    'button',
    { class: 'quiet', type: 'button', onclick: () => actions.regenerate(run) },
    run.status === 'done' ? 'Again' : 'Try again',
  );
  return h(
    'article',
    {
      class: classes('msg ai run', run.private && 'private'),
      tabindex: '-1',
      'data-run': run.run,
      'data-status': run.status,
      'aria-label': 'Answer of the assistant',
      'aria-busy': String(running),
    },
    m.chat?.type === 'group' && avatar(m.people.aiUser, 'AI', { ai: true, small: true }),
    h(
      'div',
      { class: 'bubble-box' },
      h(
        'div',
        { class: 'bubble' },
        h(
          'div',
          { class: 'sender' },
          m.people.name(m.people.aiUser),
          h('span', { class: 'ai-tag' }, 'assistant'),
          run.private && h('span', { class: 'ai-tag private-tag' }, 'only you see this'),
        ),
        h('div', { class: 'text' }),
        !running && cites(run, context),
        over[run.status] && h('p', { class: 'run-over' }, over[run.status]),
        h(
          'div',
          { class: 'run-tools' },
          running
            ? [
                h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
                h('span', { class: 'run-doing' }, doingNow(run)),
                stop,
              ]
            : (run.private || over[run.status]) && [
                dismiss,
                again,
                run.status === 'done' && madeBy(run.run, m),
              ],
        ),
      ),
    ),
  );
}

export function setRunText(element, run, context) {
  const text = element.querySelector('.text');
  if (run.status === 'running') setText(text, run.text);
  else text.replaceChildren(...citedText(run.text, run.cites, (seq) => citeButton(seq, context)));
}
