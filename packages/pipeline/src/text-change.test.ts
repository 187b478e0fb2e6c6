import { expect, test } from 'vitest';
import { seededRandom } from './test-support/random.ts';
import { textChange } from './text-change.ts';

test('the change between any two texts leads from one to the other, and cuts no character in half', () => {
  const random = seededRandom(7);
  const letters = ['a', 'b', '👍', '👎', '\n'];
  const text = () => Array.from({ length: random.below(6) }, () => random.pick(letters)!).join('');
  let pairs = 0;
  for (let round = 0; round < 2_000; round++) {
    const [before, after] = [text(), text()];
    const { index, remove, insert } = textChange(before, after);
    expect(before.slice(0, index) + insert + before.slice(index + remove), `${before} → ${after}`).toBe(after);
    for (const part of [before.slice(0, index), insert, before.slice(index + remove)]) expect(part.isWellFormed()).toBe(true);
    if (before === after) expect([remove, insert]).toEqual([0, '']);
    if (remove > 0 && insert !== '') pairs++;
  }
  expect(pairs).toBeGreaterThan(500);
});

test('what a person typed into the middle is the change, and nothing around it', () => {
  expect(textChange('one two', 'one and two')).toEqual({ index: 4, remove: 0, insert: 'and ' });
  expect(textChange('one and two', 'one two')).toEqual({ index: 4, remove: 4, insert: '' });
});
