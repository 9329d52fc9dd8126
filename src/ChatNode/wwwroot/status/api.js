/** A refusal, with the code and the sentence that the server gave. */
export class Refused extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** The calls of /v1/admin. The token goes with each call and is kept nowhere else. */
export class AdminApi {
  #token;

  constructor(token) {
    this.#token = token;
  }

  cluster = () => this.#call('GET', 'cluster');
  audit = (limit) => this.#call('GET', `audit?limit=${limit}`);
  drain = (node, on) => this.#call(on ? 'PUT' : 'DELETE', `nodes/${encodeURIComponent(node)}/drain`);
  leave = (node) => this.#call('POST', `nodes/${encodeURIComponent(node)}/leave`);
  down = (node) => this.#call('POST', `nodes/${encodeURIComponent(node)}/down`);
  switchAssistant = (enabled) => this.#call('PUT', 'ai', { enabled });
  sweep = () => this.#call('POST', 'summaries/sweep');

  async #call(method, path, body) {
    const answer = await fetch(`/v1/admin/${path}`, {
      method,
      cache: 'no-store',
      headers: { authorization: `Bearer ${this.#token}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    const json = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, json.code, json.detail ?? answer.statusText);
    return json;
  }
}
