/** Which commands can be done right now, and how. Features add theirs while they are mounted. */
import { useEffect } from 'react';
import type { CommandId } from './keymap.ts';

/** `false`: nothing was done, so the key press stays with the browser. */
type RunCommand = (held: { shift: boolean }) => unknown;

const present = new Map<CommandId, RunCommand>();

/** Offers commands for as long as the component lives. Leave out, or set to undefined, what cannot be done now. */
export function useCommands(commands: Partial<Record<CommandId, RunCommand | undefined>>): void {
  useEffect(() => {
    const mine = Object.entries(commands).flatMap(([id, run]) => (run ? [[id as CommandId, run] as const] : []));
    for (const [id, run] of mine) present.set(id, run);
    return () => {
      for (const [id, run] of mine) if (present.get(id) === run) present.delete(id);
    };
  });
}

export const canRunCommand = (id: CommandId): boolean => present.has(id);

/** True when something was done. */
export function runCommand(id: CommandId, held = { shift: false }): boolean {
  const run = present.get(id);
  return run !== undefined && run(held) !== false;
}
