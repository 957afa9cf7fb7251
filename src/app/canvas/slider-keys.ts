/** The keys of a slider over a share. */

/** Pointer positions and keys are rounded to a tenth of a percent. */
export const STEPS = 1000;

/** The share after a key: arrows 1 % (with shift 0.1 %), page keys 10 %, Home and End; null for other keys. */
export function afterKey(share: number, key: string, shift: boolean): number | null {
  const step = shift ? 0.001 : 0.01;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return share + step;
    case 'ArrowLeft':
    case 'ArrowDown':
      return share - step;
    case 'PageUp':
      return share + 0.1;
    case 'PageDown':
      return share - 0.1;
    case 'Home':
      return 0;
    case 'End':
      return 1;
    default:
      return null;
  }
}
