import { createHash } from 'node:crypto';

export const hashOfSource = (source: string): string => createHash('sha256').update(source).digest('hex');
