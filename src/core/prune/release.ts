/** When units of an order are kept: an open one waits for what closes it. */
import { NONE } from '../model/kinds.ts';
import type { Units } from './units.ts';

/**
 * unit -> position in the order at which it is kept. A closed unit: its own. An open one: the first position at which
 * a unit that closes it is kept, so that no budget leaves a path ending in it. Units with the same release are a
 * group; so are units that the strategy takes whole. The rule grows with the budget, hence keep sets stay nested.
 */
export function releasePositions(units: Units, order: Int32Array, goesOn: Uint8Array): Int32Array {
  const release = new Int32Array(units.length).fill(order.length);
  for (let i = 0; i < order.length; i++) if (units.open[order[i]] === 0) release[order[i]] = i;
  for (let u = units.length - 1; u >= 0; u--) {
    const p = units.parent[u];
    if (p !== NONE && units.open[p] === 1 && units.belowEnd[u] === 1) release[p] = Math.min(release[p], release[u]);
  }
  // What hangs from the middle of a unit waits for that unit.
  for (let u = 0; u < units.length; u++) {
    const p = units.parent[u];
    if (p !== NONE) release[u] = Math.max(release[u], release[p]);
  }
  // What a strategy takes whole is released at its end. Later positions have later ends, so parents stay before children.
  const end = new Int32Array(order.length);
  for (let i = order.length - 1; i >= 0; i--) end[i] = goesOn[order[i]] === 1 && i + 1 < order.length ? end[i + 1] : i;
  for (let u = 0; u < units.length; u++) release[u] = end[release[u]];
  return release;
}
