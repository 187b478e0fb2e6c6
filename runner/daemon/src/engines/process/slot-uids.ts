/** Gives each slot of a daemon a uid of its own, as root. Ignores what runs under it. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

const FIRST_UID = 700_000;
/** Used where only the 65,536 ids of a rootless container exist. */
const FIRST_UID_IN_CONTAINER = 30_000;
const UIDS_PER_DAEMON = 256;
const MAX_DAEMONS = 100;

/** True when `uid` exists in this user namespace; `map` is the text of /proc/self/uid_map. */
export const isMapped = (map: string, uid: number): boolean =>
  map.split('\n').some((line) => {
    const [first, , count] = line.trim().split(/\s+/).map(Number);
    return first !== undefined && count !== undefined && uid >= first && uid < first + count;
  });

/** A listening abstract socket is a lock that the kernel takes back when the process ends, however it ends. */
function takeLock(name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen({ path: `\0${name}` }, () => resolve(true));
  });
}

const firstUid = async (): Promise<number> => {
  const map = await readFile('/proc/self/uid_map', 'utf8').catch(() => '');
  return isMapped(map, FIRST_UID + UIDS_PER_DAEMON * MAX_DAEMONS) ? FIRST_UID : FIRST_UID_IN_CONTAINER;
};

/** The uid above all ranges: packages are fetched and unpacked under it. The same for every daemon; null when not root. */
export const installerUid = async (): Promise<number | null> =>
  process.getuid?.() === 0 ? (await firstUid()) + UIDS_PER_DAEMON * MAX_DAEMONS : null;

/** Claims a range of uids that no other daemon of this machine uses; null when not root. `uidOf(slot)` is the range's slot-th. */
export async function claimSlotUids(): Promise<((slot: number) => number) | null> {
  if (process.getuid?.() !== 0) return null;
  const start = await firstUid();
  for (let range = 0; range < MAX_DAEMONS; range += 1) {
    const first = start + range * UIDS_PER_DAEMON;
    if (await takeLock(`ensemble-runner-uids-${first}`)) return (slot) => first + (slot % UIDS_PER_DAEMON);
  }
  throw new Error(`All ${MAX_DAEMONS} ranges of user ids for cards are taken on this machine; stop a runner daemon.`);
}
