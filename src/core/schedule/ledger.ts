/** Keeps the books of a run: what became of every node-second. A slot is a node's share of it. */
import type { Tags } from './policies.ts';

/** Node-seconds. They add up to nodes × makespan. */
export interface NodeUse {
  readonly generating: number;
  /** Slots that were held while a tool ran. */
  readonly tools: number;
  readonly training: number;
  readonly switching: number;
  /** Nodes in rollout while weights changed. */
  readonly updating: number;
  readonly idle: number;
}

export interface TagUse {
  /** `rollout`, `train`, or `rollout+train`. */
  readonly tag: string;
  readonly nodes: number;
  /** Node-seconds. */
  readonly idle: number;
  readonly total: number;
}

/** A stretch of a node's duty, of its training, or of a slot that a rollout holds. */
export interface TraceEntry {
  readonly what: 'rollout' | 'switching' | 'train' | 'training' | 'slot';
  readonly node: number;
  /** -1: the whole node. */
  readonly slot: number;
  /** -1: none. */
  readonly job: number;
  readonly start: number;
  readonly end: number;
}

type NodeDuty = 'rollout' | 'switching' | 'train';

export interface Ledger {
  duty(node: number, duty: NodeDuty, now: number): void;
  trains(now: number): void;
  trained(nodes: readonly number[], now: number): void;
  updates(now: number): void;
  updated(now: number): void;
  /** Slot-seconds of generation on a node. */
  generated(node: number, seconds: number): void;
  /** A slot that was held while a tool ran; what of it lies in a weight update counts as that. */
  rested(node: number, from: number, to: number): void;
  hold(slot: number, now: number): void;
  free(slot: number, job: number, now: number): void;
  close(now: number): void;
  use(): NodeUse;
  byTag(): TagUse[];
}

export function makeLedger(tags: readonly Tags[], perNode: number, trace?: (entry: TraceEntry) => void): Ledger {
  const nodes = tags.length;
  const column = (): Float64Array => new Float64Array(nodes);
  const [total, generating, tools, training, switching, updating] = [column(), column(), column(), column(), column(), column()];
  const dutyOf: (NodeDuty | null)[] = tags.map(() => null);
  const dutySince = column();
  /** Seconds of weight updates before the node's duty began. */
  const updatesBefore = column();
  let trainSince = 0;
  let updates = 0;
  let updateSince = Number.NaN;
  /** Weight updates that are over, with the seconds of all up to its end: they never overlap. */
  const past: { readonly end: number; readonly sum: number }[] = [];
  const holdSince = new Float64Array(nodes * perNode);

  const updatedUpTo = (now: number): number => updates + (now > updateSince ? now - updateSince : 0);
  /** The same for a time that has passed, which lies in no update but at its ends, or in the one that goes on. */
  const updatedBefore = (time: number): number => {
    if (time > updateSince) return updates + time - updateSince;
    let at = past.length - 1;
    while (at >= 0 && past[at].end > time) at--;
    const over = past[at + 1];
    const before = at < 0 ? 0 : past[at].sum;
    if (over === undefined) return before;
    return before + Math.max(0, time - (over.end - (over.sum - before)));
  };
  const closeDuty = (node: number, now: number): void => {
    const duty = dutyOf[node];
    if (duty === null) return;
    const seconds = now - dutySince[node];
    total[node] += seconds;
    if (duty === 'switching') switching[node] += seconds;
    else if (duty === 'rollout') updating[node] += updatedUpTo(now) - updatesBefore[node];
    trace?.({ what: duty, node, slot: -1, job: -1, start: dutySince[node], end: now });
  };
  const idleOf = (node: number): number =>
    total[node] - training[node] - switching[node] - updating[node] - (generating[node] + tools[node]) / perNode;

  return {
    duty(node, duty, now) {
      closeDuty(node, now);
      dutyOf[node] = duty;
      dutySince[node] = now;
      updatesBefore[node] = updatedUpTo(now);
    },
    trains: (now) => void (trainSince = now),
    trained(own, now) {
      for (const node of own) {
        training[node] += now - trainSince;
        trace?.({ what: 'training', node, slot: -1, job: -1, start: trainSince, end: now });
      }
    },
    updates: (now) => void (updateSince = now),
    updated(now) {
      updates += now - updateSince;
      past.push({ end: now, sum: updates });
      updateSince = Number.NaN;
    },
    generated: (node, seconds) => void (generating[node] += seconds),
    rested(node, from, to) {
      tools[node] += to - from - (updatedUpTo(to) - updatedBefore(from));
    },
    hold: (slot, now) => void (holdSince[slot] = now),
    free(slot, job, now) {
      trace?.({ what: 'slot', node: Math.floor(slot / perNode), slot: slot % perNode, job, start: holdSince[slot], end: now });
    },
    close(now) {
      for (let node = 0; node < nodes; node++) closeDuty(node, now);
    },
    use() {
      const sum = (of: Float64Array): number => of.reduce((all, one) => all + one, 0);
      let idle = 0;
      for (let node = 0; node < nodes; node++) idle += idleOf(node);
      return {
        generating: sum(generating) / perNode,
        tools: sum(tools) / perNode,
        training: sum(training),
        switching: sum(switching),
        updating: sum(updating),
        idle,
      };
    },
    byTag() {
      const uses = new Map<string, { nodes: number; idle: number; total: number }>();
      for (const [node, { rollout, train }] of tags.entries()) {
        const tag = rollout && train ? 'rollout+train' : rollout ? 'rollout' : 'train';
        const use = uses.get(tag) ?? { nodes: 0, idle: 0, total: 0 };
        use.nodes++;
        use.idle += idleOf(node);
        use.total += total[node];
        uses.set(tag, use);
      }
      return [...uses].map(([tag, use]) => ({ tag, ...use }));
    },
  };
}
