/** Which nodes are favoured or pinned, and because of what. */

import { EVENT_KINDS } from '../model/protection.ts';
import { ENDING, FLAG, KIND, NONE } from '../model/kinds.ts';
import type { EventKind, HandProtection, Protection, ProtectionRules } from '../model/protection.ts';
import { locateNodes } from '../model/node-key.ts';
import type { ActedNodes } from '../acts/resolve.ts';
import type { Forest } from '../model/forest.ts';

/** `Protections.because` where a node was chosen by hand, or by an act; other values index EVENT_KINDS. */
export const BY_HAND = EVENT_KINDS.length;
export const BY_ACT = BY_HAND + 1;

export interface Protections {
  /** node -> how many times its signal counts when nodes are ranked; 1 = off */
  readonly factor: Float64Array;
  /** node -> 1 = pinned */
  readonly pinned: Uint8Array;
  /** node -> index into EVENT_KINDS of the rule that decided, BY_HAND, BY_ACT, or NONE where the node is off */
  readonly because: Int8Array;
}

/** Which endings an event kind is about. */
const BITS: Readonly<Record<EventKind, number>> = {
  tool: (1 << KIND.call) | (1 << KIND.memory),
  result: 1 << KIND.result,
  memory: (1 << KIND.memory) | (1 << KIND.summary),
  error: ENDING.error,
  final: ENDING.final,
  thinking: 1 << KIND.thinking,
  text: 1 << KIND.text,
};

/** Whether an event of that kind is complete at the end of node `n`, in at least one trajectory. A memory call is a tool call too. */
export function endsEvent(forest: Forest, n: number, event: EventKind): boolean {
  return (forest.endings[n] & BITS[event]) !== 0;
}

/**
 * Whether node `n` belongs to an event of that kind: one is complete there, or most trajectories give it the kind. What
 * a few events share with others, such as the mark that every message begins with, belongs to none of them.
 */
function isEventKind(forest: Forest, n: number, event: EventKind): boolean {
  if (event === 'error') return (forest.flags[n] & FLAG.error) !== 0;
  if (event === 'final') return (forest.flags[n] & FLAG.final) !== 0;
  return (((1 << forest.kind[n]) | forest.endings[n]) & BITS[event]) !== 0;
}

/** Whether an event of that kind is complete at the end of `n`, or certain to be further down, whichever way a path goes on. */
function leadsToEnd(forest: Forest, n: number, event: EventKind): boolean {
  return endsEvent(forest, n, event) || (forest.kinds[n] & ~BITS[event]) === 0;
}

/**
 * Protection of every node: pin before favour, the largest favour of those that apply, and a choice by hand
 * (also "off") before any event kind. Of several entries for one node the last counts; keys that no node has are skipped.
 * Acts count like event kinds. What acts dropped is not there to be protected.
 * @param pins `ends`: an event is pinned where it is complete, since all above comes with it; `nodes`: all its nodes are
 */
export function protectNodes(
  forest: Forest,
  rules: ProtectionRules,
  hand: readonly HandProtection[],
  pins: 'ends' | 'nodes' = 'nodes',
  acts: ActedNodes | null = null,
): Protections {
  const factor = new Float64Array(forest.length).fill(1);
  const pinned = new Uint8Array(forest.length);
  const because = new Int8Array(forest.length).fill(NONE);
  for (const [index, event] of EVENT_KINDS.entries()) {
    const rule = rules[event];
    if (rule === undefined || rule.level === 'off') continue;
    checkFactor(event, rule);
    for (let n = 0; n < forest.length; n++) {
      if (!isEventKind(forest, n, event)) continue;
      if (rule.level === 'pin') {
        if (pins === 'ends' && !leadsToEnd(forest, n, event)) continue;
        if (pinned[n] === 0) because[n] = index;
        pinned[n] = 1;
      } else if (rule.factor > factor[n] || because[n] === NONE) {
        if (pinned[n] === 0) because[n] = index;
        factor[n] = rule.factor;
      }
    }
  }
  if (acts !== null) {
    for (let n = 0; n < forest.length; n++) {
      if (acts.pinned[n] === 1 && pinned[n] === 0) [pinned[n], because[n]] = [1, BY_ACT];
      else if (acts.factor[n] > factor[n]) {
        factor[n] = acts.factor[n];
        if (pinned[n] === 0) because[n] = BY_ACT;
      }
    }
  }
  const chosen = locateNodes(
    forest.keys,
    hand.map(({ key }) => key),
  );
  for (const [i, { protection }] of hand.entries()) {
    checkFactor('hand', protection);
    const node = chosen[i];
    if (node === NONE) continue;
    factor[node] = protection.level === 'favour' ? protection.factor : 1;
    pinned[node] = protection.level === 'pin' ? 1 : 0;
    because[node] = protection.level === 'off' ? NONE : BY_HAND;
  }
  for (let n = 0; n < forest.length; n++) if (forest.excluded?.[n] === 1) [factor[n], pinned[n], because[n]] = [1, 0, NONE];
  return { factor, pinned, because };
}

function checkFactor(name: string, protection: Protection): void {
  if (protection.level !== 'favour') return;
  if (!(protection.factor > 0 && protection.factor < Infinity)) {
    throw new Error(`favour ${name}: expected a factor above 0, found ${protection.factor}`);
  }
}
