/** In the page: keys and pastes as fast as the editor takes them, at a pace the server allows to one connection. */
export async function editAtRandom({ seed, edits }: { seed: number; edits: number }): Promise<{ edits: number; moves: number }> {
  let state = seed >>> 0;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const target = document.activeElement!;
  const press = (keyCode: number, held: { ctrlKey?: boolean; shiftKey?: boolean; altKey?: boolean } = {}) => {
    for (const type of ['keydown', 'keyup'])
      target.dispatchEvent(new KeyboardEvent(type, { keyCode, bubbles: true, cancelable: true, ...held }));
  };
  const put = (text: string) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  };
  const WORDS = ['x', 'return', '\n', 'a\r\nb', '🙂', 'é', '\t', '"', '(', ' = 1', 'if x:\n    y\n', '# long line of words\n'];
  const [BACKSPACE, TAB, ESCAPE, PAGE_UP, PAGE_DOWN, END, HOME, LEFT, UP, RIGHT, DOWN, DELETE] = [
    8, 9, 27, 33, 34, 35, 36, 37, 38, 39, 40, 46,
  ];
  const moves: (() => void)[] = [
    () => press([PAGE_UP, PAGE_DOWN][random(2)]!),
    () => press([HOME, END][random(2)]!, { ctrlKey: random(4) === 0 }),
    () => press([LEFT, UP, RIGHT, DOWN][random(4)]!, { ctrlKey: random(3) === 0 }),
    () => press([LEFT, UP, RIGHT, DOWN][random(4)]!, { shiftKey: true }),
    // Another cursor at the next place like this one, or one below; and back to one.
    () => press(68, { ctrlKey: true }),
    () => press(DOWN, { ctrlKey: true, altKey: true }),
    () => press(ESCAPE),
    () => press(ESCAPE),
  ];
  const changes: (() => void)[] = [
    () => put(WORDS[random(WORDS.length)]!),
    () => put(WORDS[random(WORDS.length)]!),
    () => put(WORDS[random(WORDS.length)]!),
    () => press([BACKSPACE, DELETE][random(2)]!),
    () => press([BACKSPACE, DELETE][random(2)]!, { ctrlKey: true }),
    () => press(TAB, { shiftKey: random(2) === 0 }),
    () => press([UP, DOWN][random(2)]!, { altKey: true }),
    // The whole line, a comment of it, undo and redo.
    () => press(75, { ctrlKey: true, shiftKey: true }),
    () => press(191, { ctrlKey: true }),
    () => press(90, { ctrlKey: true }),
    () => press(90, { ctrlKey: true, shiftKey: true }),
  ];
  let done = 0;
  let moved = 0;
  const BATCH = 10;
  const PACE_MS = 55;
  for (let next = performance.now(); done < edits; next = Math.max(next + PACE_MS, performance.now())) {
    for (let at = 0; at < BATCH && done < edits; at += 1) {
      for (let steps = random(3); steps > 0; steps -= 1) {
        moves[random(moves.length)]!();
        moved += 1;
      }
      changes[random(changes.length)]!();
      done += 1;
    }
    await new Promise((wake) => setTimeout(wake, Math.max(0, next + PACE_MS - performance.now())));
  }
  press(ESCAPE);
  return { edits: done, moves: moved };
}
