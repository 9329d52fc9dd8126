import { h } from '../ui/dom.js';
import { openDialog } from '../ui/dialog.js';
import { citedText } from '../ui/rich-text.js';
import { fullTime } from '../state/time.js';
import { cites, citeButton } from './message.js';

/** The rolling summary with links to what it rests on; a newer one can be asked for. */
export function summaryDialog({ m, actions, log }) {
  const body = h('div', { class: 'summary', 'aria-busy': 'true' }, h('p', { class: 'hint' }, 'Loading…'));
  const ask = h('button', { class: 'primary', type: 'button', onclick: askNow }, 'Summarise now, for everyone');
  const askPrivately = h(
    'button',
    { class: 'quiet', type: 'button', onclick: () => askNow({ private: true }) },
    'Only for me',
  );
  const dialog = openDialog('Summary', h('div', {}, body, h('div', { class: 'dialog-tools' }, askPrivately, ask)), {
    className: 'wide',
  });
  const context = { m, cite: (seq) => (dialog.close('moved-on'), log.goTo(seq)) };

  async function askNow(options) {
    dialog.close();
    if (await actions.ask('summarize', { private: options.private === true })) log.toEnd();
  }

  actions.summary().then(show, (error) => body.replaceChildren(h('p', { class: 'form-error' }, error.message)));

  function show(summary) {
    body.setAttribute('aria-busy', 'false');
    if (!summary) {
      body.replaceChildren(
        h(
          'p',
          { class: 'hint' },
          'There is no summary yet: one is made when the conversation has grown, or when you ask for it.',
        ),
      );
      return;
    }
    const { rolling_summary_text: text, cites: cited = [], unseen_count: unseen, updated_at: at } = summary;
    const age = `As of ${fullTime(at)}${unseen ? ` · ${unseen} newer ${unseen === 1 ? 'message' : 'messages'}` : ''}`;
    body.replaceChildren(
      h(
        'div',
        { class: 'text' },
        citedText(text, cited, (seq) => citeButton(seq, context)),
      ),
      ...[cites({ text, cites: cited }, context)].filter(Boolean),
      h('p', { class: 'hint' }, age),
    );
  }
}
