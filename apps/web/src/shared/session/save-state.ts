/** What is known of one document's connection; recorded by `live-document.ts`. */
export interface ConnectionFacts {
  /** The socket is open. */
  online: boolean;
  /** The server let this document in on the present connection. */
  authenticated: boolean;
  /** The server has answered at least once since the page was opened. */
  everSynced: boolean;
  /** Changes that the server has not acknowledged. An acknowledged change is in its journal. */
  unsyncedChanges: number;
  /** What the server last said of its storage. */
  storageAvailable: boolean;
  /** Closes in a row because of a change that the server will never take. */
  changesRefused: number;
  /** Why the server does not let this person in; undefined while it does. */
  refusal?: 'unauthorized' | 'forbidden' | 'not-found' | undefined;
  /** The server lets this person look only. */
  readOnly: boolean;
  /** Counts the times the server said that rights changed. */
  accessChanges: number;
}

export type SaveState = 'connecting' | 'saved' | 'saving' | 'offline' | 'storage-unavailable' | 'change-refused' | 'no-access';

const REFUSED_FOR_GOOD = 3;

/** The one word that the indicator shows. Never "saved" while anything is unacknowledged. */
export function saveStateOf(facts: ConnectionFacts): SaveState {
  if (facts.refusal) return 'no-access';
  if (facts.online && !facts.storageAvailable && facts.unsyncedChanges > 0) return 'storage-unavailable';
  if (facts.changesRefused >= REFUSED_FOR_GOOD) return 'change-refused';
  if (!facts.everSynced) return facts.online ? 'connecting' : 'offline';
  if (!facts.online || !facts.authenticated) return 'offline';
  return facts.unsyncedChanges > 0 ? 'saving' : 'saved';
}
