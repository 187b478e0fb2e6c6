/** Longer than any frame, shorter than people notice when they come back. */
const HIDDEN_TAB_MS = 100;

export interface FrameTask {
  /** Runs it at the next frame, however often it is asked until then; by a timer where no frames come (a hidden tab). */
  ask(): void;
  cancel(): void;
}

export function onceAFrame(run: () => void): FrameTask {
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = undefined;
  };
  const now = () => {
    cancel();
    run();
  };
  return {
    ask() {
      if (frame !== undefined) return;
      frame = requestAnimationFrame(now);
      timer = setTimeout(now, HIDDEN_TAB_MS);
    },
    cancel,
  };
}
