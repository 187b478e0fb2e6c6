/** The name that was probably meant: the same in another case, else the one with the fewest letters to change, within a third. Pure. */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  const low = wanted.trim().toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(low.length / 3)) + 1;
  for (const name of names) {
    const candidate = name.trim().toLowerCase();
    if (candidate === low) return name;
    if (Math.abs(candidate.length - low.length) >= least) continue;
    const distance = editDistance(low, candidate);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** Letters to put in, take out, replace or exchange with their neighbour. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    [before, above] = [above, row];
  }
  return above[b.length]!;
}
