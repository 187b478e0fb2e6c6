/** Size of letters, in flow units, that can be read at this zoom: no smaller than eleven pixels of the screen. */
export const labelSize = (zoom: number): number => Math.max(13, 11 / zoom);
/** How far the label of a frame or a person reaches over what it names. */
export const labelHeight = (zoom: number): number => labelSize(zoom) * 1.7;
