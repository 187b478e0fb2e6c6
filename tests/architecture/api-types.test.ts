/** The typed client's idea of the API is the server's own description. Rewrite it with `vitest run tests/architecture/api-types -u`. */
import { describeTypes } from '@ensemble/api-client/describe-types';
import { expect, test } from 'vitest';
import { openDatabase } from '../../apps/control-plane/src/platform/database/open-database.ts';
import { openTestControlPlane } from '../../apps/control-plane/src/test-control-plane.ts';

test('the types of the HTTP client are those of the routes', async () => {
  const plane = await openTestControlPlane(await openDatabase({ directory: 'memory://' }));
  try {
    const { body } = await plane.call('GET', '/api/openapi.json');
    await expect(await describeTypes(JSON.stringify(body))).toMatchFileSnapshot('../../packages/api-client/src/generated/schema.ts');
  } finally {
    await plane.close();
  }
});
