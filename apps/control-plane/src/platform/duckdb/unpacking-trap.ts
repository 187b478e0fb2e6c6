/** Recognises files made to be small on the way in and endless inside. Pure. */
const SUSPICIOUS_BYTES = 4 * 1024 ** 3;
const SUSPICIOUS_CELLS = 2_000_000_000;
const SUSPICIOUS_RATIO = 200;

/** `packed`: bytes of the file. `unpacked`: bytes it says it has inside. `cells`: rows times columns. */
export function isUnpackingTrap({ packed, unpacked, cells }: { packed: number; unpacked: number; cells: number }): boolean {
  const beyond = (amount: number, limit: number): boolean => amount > limit && amount > packed * SUSPICIOUS_RATIO;
  return beyond(unpacked, SUSPICIOUS_BYTES) || beyond(cells, SUSPICIOUS_CELLS);
}
