import { expect, test } from 'vitest';
import { readS3Settings } from './open-store.ts';

const KEYS = { S3_ACCESS_KEY_ID: 'key', S3_SECRET_ACCESS_KEY: 'secret' };

test('without any variable there is no bucket', () => expect(readS3Settings({})).toBeUndefined());

test('a bucket, with what is not said', () => {
  expect(readS3Settings({ ...KEYS, S3_BUCKET: 'b' })).toMatchObject({ bucket: 'b', endpoint: undefined, region: 'us-east-1', prefix: '' });
  expect(readS3Settings({ ...KEYS, S3_BUCKET: 'b', S3_ENDPOINT: 'http://s3/', S3_PREFIX: '/team/a/' })).toMatchObject({
    endpoint: 'http://s3',
    prefix: 'team/a/',
  });
});

test.each([
  [{ S3_REGION: 'x' }, /S3_REGION is set, but S3_BUCKET is not/],
  [{ S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'key' }, /S3_SECRET_ACCESS_KEY are needed/],
  [{ ...KEYS, S3_BUCKET: 'b', S3_ENDPOINT: 's3.example.org' }, /S3_ENDPOINT is "s3.example.org", but must be a URL/],
])('%o is refused with a sentence', (env, sentence) => expect(() => readS3Settings(env)).toThrow(sentence));
