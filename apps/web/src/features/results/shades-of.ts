/** Each cell's share of its row's sum, 0 to 1. Negative and non-finite cells count as 0, as do rows without a sum. */
export function shadesOf(rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row) => {
    const sizes = row.map((cell) => (Number.isFinite(cell) && cell > 0 ? cell : 0));
    const sum = sizes.reduce((total, size) => total + size, 0);
    return sizes.map((size) => (sum === 0 ? 0 : size / sum));
  });
}
