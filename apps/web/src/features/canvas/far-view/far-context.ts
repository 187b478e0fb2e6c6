import { createContext, useContext } from 'react';

/** Below this zoom no card can be read: the pipeline is painted, and nodes are elements only while somebody has them in hand. */
export const FAR = 0.3;

export const FarContext = createContext(false);
/** Whether the pipeline is painted now, and what is an element is only there to be taken, focused and named. */
export const useFar = (): boolean => useContext(FarContext);
