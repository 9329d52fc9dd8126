import { Api } from './api.js';
import { deviceName } from './device.js';
import { Session } from './session.js';
import { Actions } from './state/actions.js';
import { Messenger } from './state/messenger.js';
import { shell } from './views/shell.js';
import { signInView } from './views/sign-in.js';

const root = document.getElementById('app');
const device = deviceName(navigator.userAgent);
const api = new Api();
const session = new Session(api);
api.session = session;
let leave = null;

function showSignIn(reason = '') {
  leave?.();
  leave = null;
  root.replaceChildren(signInView({ api, session, device, reason, done: showChats }));
}

function showChats() {
  const messenger = new Messenger({ session, api, storage: localStorage, device });
  const view = shell({ messenger, actions: new Actions(messenger) });
  leave = () => {
    messenger.stop();
    view.close();
  };
  root.replaceChildren(view.element);
  messenger.start();
}

session.on('ended', showSignIn);
if (session.user) showChats();
else showSignIn();
