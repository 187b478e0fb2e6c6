/** Whether a box in flow coordinates lies wholly in a window of this size under this viewport. Pure. */
import type { Point, Size } from '@ensemble/pipeline';

export function inView(box: Point & Size, viewport: Point & { zoom: number }, window: Size): boolean {
  const left = box.x * viewport.zoom + viewport.x;
  const top = box.y * viewport.zoom + viewport.y;
  return left >= 0 && top >= 0 && left + box.width * viewport.zoom <= window.width && top + box.height * viewport.zoom <= window.height;
}
