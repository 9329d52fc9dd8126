/** A refusal with a code of the protocol's table, or one of the client's own: `disconnected`, `timeout`. */
export class ProtocolError extends Error {
  constructor(code, message, { retry = false, afterMs = 0 } = {}) {
    super(message || code);
    this.name = 'ProtocolError';
    this.code = code;
    this.retry = retry;
    this.afterMs = afterMs;
  }

  static from(err) {
    return new ProtocolError(err.code, err.msg, { retry: err.retry === true, afterMs: err.after_ms ?? 0 });
  }

  static disconnected() {
    return new ProtocolError('disconnected', 'Not connected.', { retry: true });
  }
}
