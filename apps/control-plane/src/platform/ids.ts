import { randomBytes } from 'node:crypto';

/** A new random id: 16 characters of URL-safe base64, 96 bits. Matches the ids of document names. */
export const newId = (): string => randomBytes(12).toString('base64url');

/** A secret for links and tokens: 256 random bits, URL-safe. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
