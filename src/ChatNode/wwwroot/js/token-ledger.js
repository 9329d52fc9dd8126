/**
 * The newest tokens of this browser. localStorage alone will not do: every process of a browser keeps its own copy, and
 * a tab that waited for its turn may still read the refresh token that another tab has just used up. A read of
 * IndexedDB sees what was written before it, whoever wrote it.
 */
export const tokenLedger = {
  read: () => perform('readonly', (store) => store.get('tokens')).catch(() => null),
  write: (tokens) => perform('readwrite', (store) => store.put(tokens, 'tokens')).catch(() => null),
  clear: () => perform('readwrite', (store) => store.clear()).catch(() => null),
};

let database = null;

function open() {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('chatai', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('session');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

async function perform(mode, work) {
  const transaction = (await open()).transaction('session', mode);
  const request = work(transaction.objectStore('session'));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result ?? null);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}
