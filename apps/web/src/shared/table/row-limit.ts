/** Row height in pixels. */
export const ROW_HEIGHT = 27;

/** What browsers let one element be high, from generous to careful. */
const HEIGHTS = [32_000_000, 17_000_000, 8_000_000];

let measured: number | undefined;

/** How many rows this browser can scroll through at once (about 1.2 million in Chromium); longer tables are shown in parts. */
export function rowLimit(): number {
  if (measured !== undefined) return measured;
  const probe = document.createElement('div');
  probe.style.cssText = 'position:absolute;visibility:hidden;width:1px;';
  document.body.append(probe);
  const height = HEIGHTS.find((candidate) => {
    probe.style.height = `${candidate}px`;
    return probe.getBoundingClientRect().height >= candidate * 0.999;
  });
  probe.remove();
  measured = Math.floor((height ?? 1_000_000) / ROW_HEIGHT);
  return measured;
}
