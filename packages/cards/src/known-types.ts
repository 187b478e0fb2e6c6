/**
 * The words Ensemble knows something about. All three sets are open: an unknown word is a warning,
 * never an error.
 */

/** What can travel along an edge. */
export const KNOWN_PORT_TYPES: readonly string[] = ['dataframe', 'model', 'json', 'bytes', 'image', 'text', 'file'];

/** How the palette groups cards. */
export const KNOWN_CATEGORIES: readonly string[] = ['data', 'model', 'training', 'evaluation', 'inference'];

/** How a preview is drawn; anything else is drawn as JSON. */
export const KNOWN_VIEW_TYPES: readonly string[] = ['table', 'metrics', 'model_summary', 'text', 'image', 'chart', 'html', 'json'];

export const KNOWN_EXECUTION_MODES: readonly string[] = ['local', 'modal'];
