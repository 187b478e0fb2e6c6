/** Other people in a pipeline, without browsers: they drag nodes about, twenty times a second each. */
import { setTimeout as pause } from 'node:timers/promises';
import { openRawSocket } from '@ensemble/testkit';
import type { Product } from '../../tests/lib/product.ts';

const EVERY_MS = 50;

const collabUrl = ({ url }: Product): string => `${url.replace(/^http/, 'ws')}/collab`;

export const openSocket = (product: Product) =>
  openRawSocket({ url: collabUrl(product), headers: { authorization: `Bearer ${product.token}` } });

export async function dragByOthers(product: Product, documentName: string, nodeIds: readonly string[], forMs: number): Promise<void> {
  const people = await Promise.all(
    nodeIds.map(async (nodeId) => {
      const socket = await openSocket(product);
      return { nodeId, socket, document: await socket.open(documentName) };
    }),
  );
  const until = performance.now() + forMs;
  await Promise.all(
    people.map(async ({ nodeId, document }, index) => {
      for (let step = 0; performance.now() < until; step += 1) {
        const drag = { ids: [nodeId], dx: step * 3, dy: 40 * Math.sin(step / 5 + index) };
        document.setPresence({ cursor: { x: drag.dx, y: drag.dy }, selection: [nodeId], drag });
        await pause(EVERY_MS);
      }
    }),
  );
  for (const { socket } of people) socket.terminate();
}
