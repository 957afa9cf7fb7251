/** One frame loop that runs only when something is dirty. */

export interface Frame {
  /** Draws before the next repaint, once, however often it is asked. */
  request(): void;
  dispose(): void;
}

export function makeFrame(draw: (now: number) => void): Frame {
  let pending = 0;
  let disposed = false;
  const run = (now: number): void => {
    pending = 0;
    draw(now);
  };
  return {
    request() {
      if (pending === 0 && !disposed) pending = requestAnimationFrame(run);
    },
    dispose() {
      disposed = true;
      cancelAnimationFrame(pending);
    },
  };
}
