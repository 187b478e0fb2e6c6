/** Tells when the command that launched this script is gone. Does not know what then has to end. */
import { readFileSync } from 'node:fs';

const CHECK_MS = 500;
const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ash']);

/** Name and parent of a process, from /proc; undefined where there is none. The name may itself contain brackets. */
function look(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) };
  } catch {
    return undefined;
  }
}

/** npm runs scripts through a shell. One that does not turn into the script outlives a killed npm: then its parent counts as well. */
export function onLauncherGone(gone) {
  const parent = process.ppid;
  const shell = process.env.npm_lifecycle_event === undefined ? undefined : look(parent);
  const npm = shell && SHELLS.has(shell.name) ? shell.parent : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || look(parent)?.parent === npm)) return;
    clearInterval(timer);
    gone();
  }, CHECK_MS);
  return () => clearInterval(timer);
}
