import { h } from '../ui/dom.js';
import { openDialog } from '../ui/dialog.js';
import { authorOf } from '../state/run-facts.js';
import { fullTime } from '../state/time.js';

const facts = [
  ['Made by', (r) => r.provider],
  ['Model', (r) => r.model],
  ['Model file, SHA-256', (r) => r.model_sha256],
  ['Prompt version', (r) => r.prompt_version],
  ['Summary version', (r) => r.summary_version || null],
  ['Messages used', (r) => r.last_seq && `#${r.first_seq} to #${r.last_seq}`],
  ['Messages cited', (r) => r.cites?.map((seq) => `#${seq}`).join(', ')],
  ['Tokens', (r) => (r.tokens_in || r.tokens_out) && `${r.tokens_in} in${r.tokens_cached ? ` (${r.tokens_cached} kept from before)` : ''}, ${r.tokens_out} out`],
  ['Titles and sentences', (r) => r.pieces && `${r.pieces.kept} of ${r.pieces.asked} passed the checks`],
  ['Blocks used', (r) => r.blocks?.map((b) => `#${b.first_seq} to #${b.last_seq}`).join(', ')],
  ['Asked', (r) => r.requested_at && fullTime(r.requested_at)],
  ['Took', (r) => r.ended_at && `${((Date.parse(r.ended_at) - Date.parse(r.requested_at)) / 1000).toFixed(1)} s`],
];

/** All that is known of how an answer came about. */
export async function provenanceDialog(m, run) {
  try {
    const answer = await m.api.get(`/v1/ai/runs/${run}`);
    const rows = facts
      .map(([name, of]) => [name, of(answer)])
      .filter(([, value]) => value)
      .map(([name, value]) => [h('dt', {}, name), h('dd', {}, String(value))]);
    openDialog('How this answer came about', h('dl', { class: 'facts' }, rows));
  } catch (error) {
    m.notice(error.message);
  }
}

/** Who wrote an answer, and the way to the rest; nothing until that is known. */
export function madeBy(run, m) {
  const known = m.facts.of(run);
  if (!known) return null;
  const author = authorOf(known);
  return h(
    'button',
    {
      class: 'made-by',
      type: 'button',
      title: 'How this answer came about',
      'aria-label': `Made by ${author}: how this answer came about`,
      onclick: () => provenanceDialog(m, run),
    },
    author,
  );
}
