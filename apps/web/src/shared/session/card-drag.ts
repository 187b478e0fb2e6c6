/** The clipboard type of a card that is dragged from the palette onto the canvas; the data is its card type. */
export const CARD_DRAG_TYPE = 'application/x-ensemble-card';
