/**
 * Numbers as previews show them: 4 decimals, exponent below 0.01 or above 10,000, integers whole.
 * `wholeAsDecimal` is for columns that mix both, so that decimal points stay below each other. NaN and infinities are results too, and are shown by name.
 */
export function formatNumber(value: number, wholeAsDecimal = false): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size <= 10_000) return wholeAsDecimal ? (size === 0 ? '0.0000' : value.toFixed(4)) : String(value + 0);
  return size < 0.01 || size > 10_000 ? value.toExponential(4) : value.toFixed(4);
}
