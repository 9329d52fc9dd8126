import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

/** Phone number, then the code and a name. Calls `done` once the session has its tokens. */
export function signInView({ api, session, device, reason, done }) {
  const error = h('p', { class: 'form-error', role: 'alert' });
  const phone = h('input', {
    id: 'phone',
    name: 'phone',
    type: 'tel',
    autocomplete: 'tel',
    required: true,
    placeholder: '+49 151 23456789',
  });
  const code = h('input', {
    id: 'code',
    name: 'code',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    required: true,
  });
  const name = h('input', {
    id: 'name',
    name: 'name',
    autocomplete: 'name',
    maxlength: '64',
    placeholder: 'How others see you',
  });
  const hint = h('p', { class: 'hint', id: 'code-hint' });

  const next = h('button', { class: 'primary', type: 'submit' }, 'Send me a code');
  const enter = h('button', { class: 'primary', type: 'submit' }, 'Sign in');
  const other = h(
    'button',
    { class: 'quiet', type: 'button', onclick: () => show(phoneForm, phone) },
    'Use another number',
  );

  const phoneForm = form(
    askForCode,
    next,
    field('Phone number', phone),
    next,
    h('p', { class: 'hint' }, 'You will get a one-time code. No password to remember.'),
  );
  const codeForm = form(useCode, enter, field('Code', code, hint), field('Your name', name), enter, other);
  const steps = h('div', { class: 'sign-in-steps' }, phoneForm);

  function form(submit, button, ...children) {
    const onsubmit = async (e) => {
      e.preventDefault();
      error.textContent = '';
      button.disabled = true;
      try {
        await submit();
      } catch (refusal) {
        error.textContent = refusal.message;
      }
      button.disabled = false;
    };
    return h('form', { onsubmit }, children);
  }

  function show(step, focus) {
    error.textContent = '';
    steps.replaceChildren(step);
    focus.focus();
  }

  async function askForCode() {
    const answer = await api.post('/v1/auth/code', { phone: phone.value }, { anonymous: true });
    const minutes = Math.max(1, Math.round((answer?.expires_in ?? 300) / 60));
    code.value = answer?.code ?? '';
    hint.textContent = answer?.code
      ? `This server is in development mode and shows the code: ${answer.code}`
      : `Sent to ${phone.value}. It works for ${minutes} minutes.`;
    show(codeForm, answer?.code ? name : code);
  }

  async function useCode() {
    await session.signIn({ phone: phone.value, code: code.value.trim(), device, displayName: name.value.trim() });
    done();
  }

  if (reason) error.textContent = reason;
  const card = h(
    'main',
    { class: 'sign-in' },
    h(
      'div',
      { class: 'sign-in-card' },
      h('span', { class: 'logo', 'aria-hidden': 'true' }, icon('spark')),
      h('h1', {}, 'ChatAi'),
      h('p', { class: 'lead' }, 'Talk with people. Ask the assistant.'),
      steps,
      error,
    ),
  );
  queueMicrotask(() => phone.focus());
  return card;
}

function field(label, input, hint) {
  if (hint) input.setAttribute('aria-describedby', hint.id);
  return h('div', { class: 'field' }, h('label', { for: input.id }, label), input, hint);
}
