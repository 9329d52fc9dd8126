import { ProtocolError } from './client/protocol-error.js';

const KEPT = 80;

/**
 * Files to and from the server, always with the token: uploads that tell how far they are, and pictures as object
 * URLs, of which the latest are kept.
 */
export class Files {
  #session;
  #urls = new Map();

  constructor(session) {
    this.#session = session;
  }

  /** Resolves to the attachment. `signal` ends it; `progress` hears a share of 1. */
  async upload(file, { progress, signal }) {
    const token = await this.#session.token();
    return new Promise((resolve, reject) => {
      // fetch tells nothing of what is on its way.
      const request = new XMLHttpRequest();
      request.open('POST', `/v1/attachments?name=${encodeURIComponent(file.name || 'file')}`);
      request.setRequestHeader('authorization', `Bearer ${token}`);
      request.setRequestHeader('content-type', file.type || 'application/octet-stream');
      request.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
      request.onload = () => {
        const body = parse(request.responseText);
        if (request.status === 201) resolve(body);
        else reject(new ProtocolError(body.code ?? 'internal', body.detail || `Error ${request.status}`));
      };
      request.onerror = () => reject(new ProtocolError('disconnected', 'The server cannot be reached.'));
      request.onabort = () => reject(new ProtocolError('cancelled', 'Cancelled.'));
      signal.addEventListener('abort', () => request.abort());
      request.send(file);
    });
  }

  /** An object URL of a picture; the same for as long as it is among the latest. */
  url({ id }) {
    const known = this.#urls.get(id);
    this.#urls.delete(id);
    const url = known ?? this.#load(id);
    this.#urls.set(id, url);
    if (this.#urls.size > KEPT) {
      const [oldest] = this.#urls.keys();
      this.#forget(oldest);
    }
    return url;
  }

  async save({ id, name }) {
    const url = URL.createObjectURL(await this.#blob(id));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  clear() {
    for (const id of [...this.#urls.keys()]) this.#forget(id);
  }

  #load(id) {
    const url = this.#blob(id).then((blob) => URL.createObjectURL(blob));
    url.catch(() => this.#urls.delete(id));
    return url;
  }

  #forget(id) {
    this.#urls.get(id)?.then(URL.revokeObjectURL, () => {});
    this.#urls.delete(id);
  }

  async #blob(id) {
    const headers = { authorization: `Bearer ${await this.#session.token()}` };
    const response = await fetch(`/v1/attachments/${id}`, { headers }).catch(() => null);
    if (!response) throw new ProtocolError('disconnected', 'The server cannot be reached.');
    if (!response.ok) throw new ProtocolError('not_found', 'This file is not there any longer.');
    return response.blob();
  }
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
