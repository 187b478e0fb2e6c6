/** A port of a node on the canvas, and where on the screen it is. */
export interface PortPlace {
  nodeId: string;
  side: 'in' | 'out';
  port: string;
  x: number;
  y: number;
}
