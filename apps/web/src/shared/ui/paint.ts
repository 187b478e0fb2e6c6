import type { AnnotationColor } from '@ensemble/pipeline';

/** The colour of a note or a frame, as CSS knows it. */
export const paint = (color: AnnotationColor): string => `var(--e-paint-${color})`;
