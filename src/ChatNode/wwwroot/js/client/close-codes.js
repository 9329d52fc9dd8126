/** What a close code asks of a client: come back, sign in again, or stay away. */
export function afterClose(code) {
  if (code === 4501 || code === 4503) return 'sign-in';
  if (code >= 4500 && code <= 4599) return 'stop';
  return 'reconnect';
}

const reasons = {
  4500: 'The server could not read what this page sent.',
  4501: 'Please sign in again.',
  4502: 'Signing in to the server took too long.',
  4503: 'This device was signed out.',
  4504: 'This page is too old for the server. Reload it.',
  4505: 'The message was too large for the server.',
  4506: 'Too many connections are open for this account.',
};

export const closeReason = (code) => reasons[code] ?? 'The server ended the connection.';
