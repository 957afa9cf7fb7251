/** The simulator once more, second by second, with plain lists: slow, obvious, for whole numbers of seconds and one token a second. */
import type { SchedulePolicy } from '../../../../src/core/schedule/policies.ts';
import type { Cluster } from '../../../../src/core/schedule/settings.ts';
import type { Job } from '../../../../src/core/schedule/simulate.ts';

interface Working {
  readonly id: number;
  state: 'outside' | 'waits' | 'generates' | 'rests' | 'paused' | 'done';
  turn: number;
  left: number;
  /** Its node; null: no slot. */
  node: Machine | null;
  readonly made: Map<number, number>;
}

interface Machine {
  readonly id: number;
  readonly mayRoll: boolean;
  readonly mayTrain: boolean;
  duty: 'rollout' | 'train' | 'to rollout' | 'to train';
  timer: number;
  closing: boolean;
}

export interface Stepped {
  readonly makespan: number;
  readonly lags: readonly number[];
  readonly evictions: number;
  readonly use: {
    readonly generating: number;
    readonly tools: number;
    readonly training: number;
    readonly switching: number;
    readonly updating: number;
    readonly idle: number;
  };
}

export function stepped(cluster: Cluster, policy: SchedulePolicy, jobs: readonly Job[]): Stepped {
  const machines = Array.from({ length: cluster.nodes }, (_, id): Machine => {
    const tags = policy.tagsOf(id, cluster);
    return { id, mayRoll: tags.rollout, mayTrain: tags.train, duty: tags.rollout ? 'rollout' : 'train', timer: 0, closing: false };
  });
  const all = jobs
    .slice(0, cluster.steps * cluster.batch)
    .map((_, id): Working => ({ id, state: 'outside', turn: 0, left: 0, node: null, made: new Map() }));
  const use = { generating: 0, tools: 0, training: 0, switching: 0, updating: 0, idle: 0 };
  const ended: Working[] = [];
  const lags: number[] = [];
  let [version, trained, evictions, started] = [0, 0, 0, 0];
  let training: number | null = null;
  let wantsTraining = false;
  let update: 'none' | 'wanted' | number = 'none';

  const finishRest = (job: Working): void => {
    job.turn++;
    if (job.turn === jobs[job.id]!.tokens.length) {
      job.state = 'done';
      job.node = null;
      ended.push(job);
    } else next(job);
  };
  const next = (job: Working): void => {
    job.left = jobs[job.id]!.tokens[job.turn]!;
    job.state = job.node === null ? 'waits' : typeof update === 'number' ? 'paused' : 'generates';
  };
  const onNode = (machine: Machine): Working[] => all.filter(({ node }) => node === machine);
  const freeSlot = (): Machine | undefined =>
    machines.find((machine) => machine.duty === 'rollout' && !machine.closing && onNode(machine).length < cluster.slots);

  for (let second = 0; second < 100_000; second++) {
    for (const machine of machines)
      if (machine.duty.startsWith('to ') && machine.timer === 0) machine.duty = machine.duty === 'to train' ? 'train' : 'rollout';
    if (update === 0) {
      version++;
      update = 'none';
      for (const job of all) if (job.state === 'paused') job.state = 'generates';
    }
    if (training === 0) {
      training = null;
      update = 'wanted';
    }
    for (const job of all) if (job.state === 'rests' && job.left === 0) finishRest(job);
    for (const job of all)
      if (job.state === 'generates' && job.left === 0) {
        job.state = 'rests';
        job.left = jobs[job.id]!.rest[job.turn]!;
        if (job.left === 0) finishRest(job);
        else if (cluster.keeps === 0) job.node = null;
      }
    if (version === cluster.steps) {
      for (let lag = 0; lag < lags.length; lag++) lags[lag] ??= 0;
      return { makespan: second, lags, evictions, use };
    }

    // Training.
    if (training === null && update === 'none' && ended.length - trained >= cluster.batch) wantsTraining = true;
    if (wantsTraining) {
      const own = machines.filter(({ mayTrain }) => mayTrain);
      for (const machine of own)
        if (machine.duty === 'rollout') {
          if (!machine.closing && policy.isPartial)
            for (const job of onNode(machine)) {
              job.node = null;
              evictions++;
              if (job.state !== 'rests') job.state = 'waits';
            }
          machine.closing = true;
          if (onNode(machine).length > 0) continue;
          machine.closing = false;
          machine.duty = 'to train';
          machine.timer = cluster.switch;
        }
      if (own.every(({ duty }) => duty === 'train')) {
        wantsTraining = false;
        let tokens = 0;
        for (const job of ended.slice(trained, trained + cluster.batch))
          for (const [at, made] of job.made) {
            lags[version - at] = (lags[version - at] ?? 0) + made;
            tokens += made;
          }
        trained += cluster.batch;
        training = tokens / (own.length * cluster.trainRate);
      }
    }
    // Weight update.
    const isBusy = all.some(({ state }) => state !== 'outside' && state !== 'done');
    if (update === 'wanted' && (policy.isPartial || !isBusy)) {
      update = cluster.update;
      for (const job of all) if (job.state === 'generates') job.state = 'paused';
    }
    // Lending.
    const admitted = Math.min(all.length, cluster.batch * (version + policy.stalenessOf(cluster) + 1));
    const fresh = update === 'wanted' ? 0 : Math.max(0, admitted - started);
    if (training === null && !wantsTraining && update === 'none') {
      const room = machines.filter(({ duty, closing }) => duty === 'rollout' && !closing);
      let wanted = all.filter(({ state }) => state === 'waits').length + fresh;
      wanted -= room.reduce((sum, machine) => sum + cluster.slots - onNode(machine).length, 0);
      wanted -= cluster.slots * machines.filter(({ duty, mayTrain }) => duty === 'to rollout' && mayTrain).length;
      for (const machine of machines)
        if (wanted > 0 && machine.mayTrain && machine.mayRoll && machine.duty === 'train') {
          machine.duty = 'to rollout';
          machine.timer = cluster.switch;
          wanted -= cluster.slots;
        }
    }
    // Slots.
    for (;;) {
      const machine = freeSlot();
      if (machine === undefined || typeof update === 'number') break;
      const waiting = all.find(({ state }) => state === 'waits');
      if (waiting !== undefined) {
        waiting.node = machine;
        waiting.state = 'generates';
      } else if (update !== 'wanted' && started < admitted) {
        const job = all[started++]!;
        job.node = machine;
        next(job);
      } else break;
    }

    // One second goes by.
    for (const machine of machines) {
      if (machine.timer > 0) machine.timer--;
      if (machine.duty.startsWith('to ')) use.switching++;
      else if (machine.duty === 'train') use[training === null ? 'idle' : 'training']++;
      else if (typeof update === 'number') use.updating++;
      else {
        const generating = onNode(machine).filter(({ state }) => state === 'generates').length / cluster.slots;
        const tools = onNode(machine).filter(({ state }) => state === 'rests').length / cluster.slots;
        use.generating += generating;
        use.tools += tools;
        use.idle += 1 - generating - tools;
      }
    }
    if (training !== null) training--;
    if (typeof update === 'number') update--;
    for (const job of all) {
      if (job.state === 'generates') job.made.set(version, (job.made.get(version) ?? 0) + 1);
      if (job.state === 'generates' || job.state === 'rests') job.left--;
    }
  }
  throw new Error('it does not end');
}
