import { expect, test } from 'vitest';
import { storageNews } from './storage-news.ts';

test('reads what the server says of its storage', () => {
  expect(storageNews('{"kind":"storage","state":"unavailable"}')).toBe(false);
  expect(storageNews('{"kind":"storage","state":"ok"}')).toBe(true);
});

test.each(['', 'null', '[]', '{"kind":"other","state":"ok"}', '{"kind":"storage","state":"maybe"}', '{'])('passes over %j', (payload) => {
  expect(storageNews(payload)).toBeUndefined();
});
