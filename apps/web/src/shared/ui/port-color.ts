const KNOWN = new Set(['dataframe', 'model', 'json', 'bytes', 'image', 'text', 'file']);

/** The colour of a port type as a CSS value; unknown types share one. */
export const portColor = (type: string): string => `var(--e-port-${KNOWN.has(type) ? type : 'other'})`;
