/**
 * One run of a policy on a cluster, event by event. At each instant, first all that ends then has ended, in the order of RANKS and of
 * numbers; then is decided, in this order: training, weight update, new rollouts, lending of nodes, slots. Waiting rollouts are served by
 * number, so one that began earlier comes first. Nothing is random here: what is drawn is drawn before (`compare.ts`).
 */
import { makeAgenda, type Due } from './agenda.ts';
import { makeLedger, type NodeUse, type TagUse, type TraceEntry } from './ledger.ts';
import type { SchedulePolicy } from './policies.ts';
import type { Cluster } from './settings.ts';
import { makeSlots, makeWaiting } from './slots.ts';

/** A rollout as work: turn -> tokens, and seconds of tools after it. */
export interface Job {
  readonly tokens: ArrayLike<number>;
  readonly rest: ArrayLike<number>;
}

export interface Run {
  /** Until the last step's weights are in use, seconds. */
  readonly makespan: number;
  /** Sampled, and all of them trained on. */
  readonly tokens: number;
  /** Of all node-seconds, what became of them. */
  readonly use: NodeUse;
  /** Idle node-seconds by what nodes may do. */
  readonly byTag: readonly TagUse[];
  /** steps that the policy went on between sampling and training -> tokens */
  readonly lags: readonly number[];
  /** Weight updates at which rollouts paused, and rollouts that lost their slot. */
  readonly pauses: number;
  readonly evictions: number;
  readonly lends: number;
}

const RANKS = { switched: 0, updated: 1, trained: 2, rested: 3, generated: 4 } as const;

/** What a node does, or is on its way to. */
const DUTY = { rollout: 0, train: 1, toRollout: 2, toTrain: 3 } as const;

/** What a rollout does. Paused: it has a slot, and weights change. */
const DOING = { notBegun: 0, waits: 1, generates: 2, rests: 3, paused: 4, done: 5 } as const;

/** Instants between two looks at whether something else waits. */
const SLICE = 4096;

/**
 * A run that gives way now and then.
 * @param jobs steps × batch of them at least; the first so many are begun, in their order
 * @param trace told of each stretch that a node or slot is used
 */
export function* simulation(
  cluster: Cluster,
  policy: SchedulePolicy,
  jobs: readonly Job[],
  trace?: (entry: TraceEntry) => void,
): Generator<void, Run> {
  const { nodes, slots: perNode, rate, batch, steps } = cluster;
  const total = steps * batch;
  const tags = Array.from({ length: nodes }, (_, node) => policy.tagsOf(node, cluster));
  const trainNodes = tags.flatMap(({ train }, node) => (train ? [node] : []));
  const staleness = policy.stalenessOf(cluster);
  const agenda = makeAgenda();
  const pool = makeSlots(nodes, perNode);
  const begun = makeWaiting(total);
  const ledger = makeLedger(tags, perNode, trace);

  const duty: number[] = Array.from(tags, ({ rollout }) => (rollout ? DUTY.rollout : DUTY.train));
  const isClosing = new Uint8Array(nodes);
  const held = new Int32Array(nodes);

  const doing = new Uint8Array(total).fill(DOING.notBegun);
  const turn = new Int32Array(total);
  /** job -> tokens of its turn that are still to come */
  const left = new Float64Array(total);
  const slotOf = new Int32Array(total).fill(-1);
  const jobAt = new Int32Array(nodes * perNode).fill(-1);
  const since = new Float64Array(total);
  const stamp = new Int32Array(total);
  /** job -> version, tokens, version, tokens, … */
  const sampled: number[][] = Array.from({ length: total }, () => []);

  let now = 0;
  let version = 0;
  /** Jobs that were let in, and that have taken a slot. */
  let admitted = 0;
  let started = 0;
  let inFlight = 0;
  const ended: number[] = [];
  let consumed = 0;
  let trainer: 'idle' | 'wanted' | 'busy' = 'idle';
  let update: 'none' | 'wanted' | 'busy' = 'none';
  let tokens = 0;
  const lags: number[] = [];
  let [pauses, evictions, lends] = [0, 0, 0];

  const nodeOf = (job: number): number => Math.floor(slotOf[job] / perNode);
  const plan = (after: number, rank: number, item: number, mark = 0): void => agenda.plan({ at: now + after, rank, item, stamp: mark });

  const take = (job: number): void => {
    slotOf[job] = pool.take();
    jobAt[slotOf[job]] = job;
    held[nodeOf(job)]++;
    ledger.hold(slotOf[job], now);
  };
  const release = (job: number): void => {
    ledger.free(slotOf[job], job, now);
    held[nodeOf(job)]--;
    pool.give(slotOf[job]);
    jobAt[slotOf[job]] = -1;
    slotOf[job] = -1;
  };
  const generate = (job: number): void => {
    doing[job] = DOING.generates;
    since[job] = now;
    plan(left[job] / rate, RANKS.generated, job, stamp[job]);
  };
  /** What was sampled since it went on. @param isWhole to the turn's end */
  const stopGenerating = (job: number, isWhole: boolean): void => {
    const made = isWhole ? left[job] : Math.min(left[job], (now - since[job]) * rate);
    left[job] -= made;
    const own = sampled[job];
    if (own[own.length - 2] === version) own[own.length - 1] += made;
    else own.push(version, made);
    ledger.generated(nodeOf(job), now - since[job]);
    stamp[job]++;
  };
  const beginTurn = (job: number): void => {
    left[job] = jobs[job].tokens[turn[job]];
    if (slotOf[job] === -1) {
      doing[job] = DOING.waits;
      begun.add(job);
    } else if (update === 'busy') doing[job] = DOING.paused;
    else generate(job);
  };
  const endRest = (job: number): void => {
    if (slotOf[job] !== -1) ledger.rested(nodeOf(job), since[job], now);
    if (++turn[job] < jobs[job].tokens.length) return beginTurn(job);
    if (slotOf[job] !== -1) release(job);
    doing[job] = DOING.done;
    inFlight--;
    ended.push(job);
  };
  const endTurn = (job: number): void => {
    stopGenerating(job, true);
    const rest = jobs[job].rest[turn[job]];
    doing[job] = DOING.rests;
    since[job] = now;
    if (rest === 0) return endRest(job);
    if (cluster.keeps === 0) release(job);
    plan(rest, RANKS.rested, job);
  };
  /** Takes the slot of a rollout, which goes on later. */
  const evict = (job: number): void => {
    evictions++;
    if (doing[job] === DOING.generates) stopGenerating(job, false);
    else if (doing[job] === DOING.rests) ledger.rested(nodeOf(job), since[job], now);
    release(job);
    if (doing[job] === DOING.rests) return;
    doing[job] = DOING.waits;
    begun.add(job);
  };
  const setDuty = (node: number, next: number): void => {
    duty[node] = next;
    ledger.duty(node, next === DUTY.rollout ? 'rollout' : next === DUTY.train ? 'train' : 'switching', now);
    if (next === DUTY.rollout) pool.open(node);
    else pool.close(node);
    if (next === DUTY.toRollout || next === DUTY.toTrain) plan(cluster.switch, RANKS.switched, node);
  };

  for (const [node, own] of duty.entries()) {
    ledger.duty(node, own === DUTY.rollout ? 'rollout' : 'train', 0);
    if (own === DUTY.rollout) pool.open(node);
  }

  const happen = ({ rank, item, stamp: mark }: Due): void => {
    if (rank === RANKS.switched) setDuty(item, duty[item] === DUTY.toTrain ? DUTY.train : DUTY.rollout);
    else if (rank === RANKS.updated) {
      version++;
      update = 'none';
      ledger.updated(now);
      for (const job of jobAt) if (job !== -1 && doing[job] === DOING.paused) generate(job);
    } else if (rank === RANKS.trained) {
      trainer = 'idle';
      update = 'wanted';
      ledger.trained(trainNodes, now);
    } else if (rank === RANKS.rested) endRest(item);
    else if (stamp[item] === mark) endTurn(item);
  };

  const takeBack = (node: number): void => {
    if (policy.isPartial) for (const job of jobAt.slice(node * perNode, (node + 1) * perNode)) if (job !== -1) evict(job);
    isClosing[node] = 1;
    pool.close(node);
  };
  const decideTraining = (): void => {
    if (trainer === 'idle' && update === 'none' && version < steps && ended.length - consumed >= batch) trainer = 'wanted';
    if (trainer !== 'wanted') return;
    for (const node of trainNodes) {
      if (duty[node] !== DUTY.rollout) continue;
      if (isClosing[node] === 0) takeBack(node);
      if (held[node] > 0) continue;
      isClosing[node] = 0;
      setDuty(node, DUTY.toTrain);
    }
    if (!trainNodes.every((node) => duty[node] === DUTY.train)) return;
    let size = 0;
    for (let i = consumed; i < consumed + batch; i++) {
      const own = sampled[ended[i]];
      for (let c = 0; c < own.length; c += 2) {
        lags[version - own[c]] = (lags[version - own[c]] ?? 0) + own[c + 1];
        size += own[c + 1];
      }
    }
    consumed += batch;
    tokens += size;
    trainer = 'busy';
    ledger.trains(now);
    plan(size / (trainNodes.length * cluster.trainRate), RANKS.trained, 0);
  };
  const decideUpdate = (): void => {
    if (update !== 'wanted' || (!policy.isPartial && inFlight > 0)) return;
    update = 'busy';
    for (const job of jobAt)
      if (job !== -1 && doing[job] === DOING.generates) {
        stopGenerating(job, false);
        doing[job] = DOING.paused;
        pauses++;
      }
    ledger.updates(now);
    plan(cluster.update, RANKS.updated, 0);
  };
  /** New ones wait while a weight update waits for those at work. */
  const isDraining = (): boolean => update === 'wanted';
  const fresh = (): number => (isDraining() ? 0 : admitted - started);
  const decideLending = (): void => {
    if (trainer !== 'idle' || update !== 'none') return;
    let wanted = begun.size() + fresh() - pool.free();
    for (const node of trainNodes) if (duty[node] === DUTY.toRollout) wanted -= perNode;
    for (const node of trainNodes) {
      if (wanted <= 0) return;
      if (duty[node] !== DUTY.train || !tags[node].rollout) continue;
      setDuty(node, DUTY.toRollout);
      lends++;
      wanted -= perNode;
    }
  };
  const decideSlots = (): void => {
    if (update === 'busy') return;
    while (pool.free() > 0) {
      if (begun.size() > 0) {
        const job = begun.next();
        take(job);
        generate(job);
      } else if (fresh() > 0) {
        const job = started++;
        inFlight++;
        take(job);
        beginTurn(job);
      } else return;
    }
  };

  // Until the last step's weights are in use.
  for (let instants = 1; ; instants++) {
    if (version === steps) break;
    if (instants % SLICE === 0) yield;
    decideTraining();
    decideUpdate();
    admitted = Math.max(admitted, Math.min(total, batch * (version + staleness + 1)));
    decideLending();
    decideSlots();
    const at = agenda.when();
    if (at === Infinity) throw new Error('nothing is due, and steps are left');
    now = at;
    while (agenda.when() === now) {
      const due = agenda.next();
      if (due !== undefined) happen(due);
    }
  }
  ledger.close(now);
  for (let lag = 0; lag < lags.length; lag++) lags[lag] ??= 0;
  return { makespan: now, tokens, use: ledger.use(), byTag: ledger.byTag(), lags, pauses, evictions, lends };
}
