import { ProtocolError } from './client/protocol-error.js';

/** The HTTP side of the protocol; refusals become ProtocolErrors with the problem's code and `status`. */
export class Api {
  session = null;

  get = (path) => this.#call('GET', path);
  post = (path, body, options) => this.#call('POST', path, body, options);
  put = (path) => this.#call('PUT', path);
  patch = (path, body) => this.#call('PATCH', path, body);
  delete = (path) => this.#call('DELETE', path);

  async #call(method, path, body, { anonymous = false, second = false } = {}) {
    const headers = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (!anonymous && this.session) headers.authorization = `Bearer ${await this.session.token()}`;
    const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) }).catch(() => {
      throw new ProtocolError('disconnected', 'The server cannot be reached.', { retry: true });
    });
    if (response.ok) return response.status === 204 ? null : response.json().catch(() => null);
    const problem = await response.json().catch(() => ({}));
    if (response.status === 401 && problem.code === 'token_expired' && !anonymous && !second) {
      await this.session.renew();
      return this.#call(method, path, body, { second: true });
    }
    throw refusal(response, problem);
  }
}

function refusal(response, problem) {
  const code = problem.code ?? (response.status === 404 ? 'not_found' : 'internal');
  const afterMs = Number(response.headers.get('retry-after') ?? 0) * 1000;
  const error = new ProtocolError(code, problem.detail || problem.title || `Error ${response.status}`, {
    retry: problem.retry ?? (response.status === 429 || response.status >= 502),
    afterMs,
  });
  error.status = response.status;
  return error;
}
