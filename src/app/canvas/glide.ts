/** A camera that can move over time: 160 ms with an ease-out, or at once where motion is not wanted. */
import { blendCamera } from './camera.ts';
import type { Camera } from './camera.ts';

const DURATION = 160;

export interface Glide {
  readonly camera: Camera;
  jump(camera: Camera): void;
  /** Moves on the next steps when `animate`, unless the person prefers reduced motion. */
  go(camera: Camera, animate: boolean): void;
  /** True while moving. */
  step(now: number): boolean;
}

export function makeGlide(start: Camera): Glide {
  let camera = start;
  let move: { from: Camera; to: Camera; since: number | null } | null = null;
  return {
    get camera() {
      return camera;
    },
    jump(to) {
      move = null;
      camera = to;
    },
    go(to, animate) {
      if (!animate || matchMedia('(prefers-reduced-motion: reduce)').matches) {
        move = null;
        camera = to;
      } else move = { from: camera, to, since: null };
    },
    step(now) {
      if (!move) return false;
      move.since ??= now;
      const share = Math.min(1, (now - move.since) / DURATION);
      camera = share === 1 ? move.to : blendCamera(move.from, move.to, 1 - (1 - share) ** 3);
      if (share === 1) move = null;
      return true;
    },
  };
}
