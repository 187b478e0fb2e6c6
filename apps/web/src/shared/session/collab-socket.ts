import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';

let socket: HocuspocusProviderWebsocket | undefined;

/** The one socket of this page; all documents share it. Connects on first use, then for as long as the page lives. */
export function collabSocket(): HocuspocusProviderWebsocket {
  if (!socket) {
    const { protocol, host } = window.location;
    socket = new HocuspocusProviderWebsocket({
      url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/collab`,
      delay: 500,
      minDelay: 300,
      maxDelay: 5_000,
    });
    // Waiting out a back-off makes no sense once the machine knows that it is back.
    window.addEventListener('online', () => void socket?.connect());
  }
  return socket;
}
