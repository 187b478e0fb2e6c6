import { describe, expect, test } from 'vitest';
import { freePath, problemOfKeptName, problemOfNewFolder, problemOfNewPath } from './new-card-path.ts';

describe('a name that no card file may have is refused with what to do instead', () => {
  test.each([
    ['', 'is not below the folder cards/'],
    ['../../x', 'is not below the folder cards/'],
    ['cards/../../x.py', 'no plain name'],
    ['cards/./x.py', 'no plain name'],
    ['cards//x.py', 'no plain name'],
    ['/cards/x.py', 'is not below the folder cards/'],
    ['cards\\x.py', 'is not below the folder cards/'],
    ['cards/a\\b.py', 'no plain name'],
    ['cards/a\u0000.py', 'no plain name'],
    ['cards/\u202Eyp.x.py', '\\u202eyp.x'],
    ['cards/\u200Fx.py', '\\u200fx'],
    ['cards/é.py', 'no plain name'],
    ['cards/a b.py', 'no plain name'],
    [`cards/${'a'.repeat(4096)}.py`, 'too long'],
    [`cards/${'a/'.repeat(20)}x.py`, 'too long or too deep'],
    ['cards', 'is not below the folder cards/'],
    ['cards/', 'no plain name'],
    ['cards/x', 'no Python file'],
    ['cards/x.PY', 'no Python file'],
    ['cards/.py', 'no plain name'],
    ['cards/.hidden.py', 'no plain name'],
    ['cards/my-card.py', 'Try "my_card"'],
    ['cards/x.y.py', 'Try "x_y"'],
    ['cards/2nd.py', 'Try "card_2nd"'],
    ['cards/my-data/x.py', 'Try "my_data"'],
    ['cards/---.py', 'Try "my_card"'],
    ['cards/class.py', 'a word of the Python language'],
    ['cards/import/x.py', 'a word of the Python language'],
    ['cards/None.py', 'a word of the Python language'],
    ['cards/con.py', 'a name that Windows keeps for itself'],
    ['cards/NUL.py', 'a name that Windows keeps for itself'],
    ['cards/com1/x.py', 'a name that Windows keeps for itself'],
    ['cards/__init__.py', 'a meaning of its own in Python'],
    ['cards/__pycache__/x.py', 'a meaning of its own in Python'],
    ['cards/base.py', 'belongs to Ensemble'],
    ['cards/BASE.py', 'belongs to Ensemble'],
    ['cards/std/x.py', 'belongs to the cards that come with Ensemble'],
    ['cards/Std/x.py', 'belongs to the cards that come with Ensemble'],
  ])('%j', (path, says) => {
    const problem = problemOfNewPath(path, []);
    expect(problem?.kind).toBe('invalid');
    expect(problem?.message).toContain(says);
    // Nothing of it turns the sentence around, ends it early or fills the screen.
    expect(problem?.message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(problem!.message.length).toBeLessThan(420);
  });
});

test.each(['cards/x.py', 'cards/data/my_source.py', 'cards/_private.py', 'cards/A1/b2/c3.py', 'cards/stdlib/x.py', 'cards/base/x.py'])(
  '%s is a fine name',
  (path) => {
    expect(problemOfNewPath(path, ['cards/other.py'])).toBeUndefined();
  },
);

describe('a name that is taken, or that some computer or Python would take for another, is refused', () => {
  test.each([
    ['cards/a.py', 'cards/a.py', 'There is a card file "cards/a.py" already'],
    ['cards/A.py', 'cards/a.py', 'only in upper and lower case'],
    ['cards/data.py', 'cards/data/x.py', 'There is a folder "cards/data/"'],
    ['cards/data/x.py', 'cards/data.py', '"cards/data.py" is a card file'],
    ['cards/Data/y.py', 'cards/data/x.py', 'The folder is called "cards/data/" here'],
    ['cards/a/B/y.py', 'cards/a/b/x.py', 'The folder is called "cards/a/b/" here'],
  ])('%s beside %s', (path, other, says) => {
    expect(problemOfNewPath(path, ['cards/z.py', other])).toMatchObject({
      kind: 'taken',
      message: expect.stringContaining(says) as string,
    });
    expect(problemOfKeptName(path, ['cards/z.py', other])?.kind).toBe('taken');
  });
});

test('a folder that an import brought along takes new files, whatever it is called', () => {
  expect(problemOfNewPath('cards/my-data/y.py', ['cards/my-data/x.py'])).toBeUndefined();
  expect(problemOfNewPath('cards/my-data/y-z.py', ['cards/my-data/x.py'])?.message).toContain('Try "y_z"');
  expect(problemOfKeptName('cards/my-data/y-z.py', [])).toBeUndefined();
  expect(problemOfNewFolder('cards/my-data')?.kind).toBe('invalid');
  expect(problemOfNewFolder('cards/std')?.kind).toBe('invalid');
  expect(problemOfNewFolder('cards')).toBeUndefined();
});

test('a free name is the name itself or has the first number that is free', () => {
  expect(freePath('cards/x.py', [])).toBe('cards/x.py');
  expect(freePath('cards/x.py', ['cards/X.py', 'cards/x_2.py'])).toBe('cards/x_3.py');
});
