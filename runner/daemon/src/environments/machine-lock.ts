/** Lets one process of this machine at a time do a piece of work. The kernel takes the lock back however the process ends. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

/** Null when somebody else has it. */
export function takeMachineLock(subject: string): Promise<(() => void) | null> {
  const name = `\0ensemble-${createHash('sha256').update(subject).digest('hex').slice(0, 32)}`;
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen({ path: name }, () => resolve(() => void server.close()));
  });
}
