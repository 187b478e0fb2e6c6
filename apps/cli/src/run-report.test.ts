import { expect, test } from 'vitest';
import { placeBelow } from './run-report.ts';

test('an output goes below the folder that was asked for, whatever the server calls it', () => {
  expect(placeBelow('/out', 'train/model.joblib')).toBe('/out/train/model.joblib');
  for (const ref of ['../model.joblib', 'train/../../x', '..', '', '.', 'a/../../out2/x'])
    expect(() => placeBelow('/out', ref)).toThrow('leads out of');
});
