/** What each step of pruning on a cluster costs: the command line's own processes on a log that stands for one part. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface StepCost {
  readonly step: 'tasks' | 'curve' | 'share' | 'prune';
  readonly seconds: number;
  /** Of all threads of the process, seconds; NaN where the system does not tell. */
  readonly cpuSeconds: number;
}

export interface PartCost {
  readonly bytes: number;
  readonly steps: readonly StepCost[];
  /** What `curve` writes of the part. */
  readonly curveBytes: number;
  /** Of `tasks`, which a cluster groups by. */
  readonly taskListBytes: number;
}

const TICKS_PER_SECOND = 100;

/** Processor time of children that have ended, seconds: fields 16 and 17 of proc_pid_stat(5). */
function childSeconds(): number {
  try {
    const after = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(after[13]) + Number(after[14])) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}

/** Prunes the log as one part of several, as integrations/cluster does. @param command the built command line */
export function measurePart(command: string, log: string, scratch: string): PartCost {
  const folder = join(scratch, 'scaling-part');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const curve = join(folder, 'part.curve');
  const share = join(folder, 'share.json');
  const steps: StepCost[] = [];
  let taskListBytes = 0;
  const run = (step: StepCost['step'], ...rest: readonly string[]): void => {
    const begun = performance.now();
    const before = childSeconds();
    const { status, stderr, stdout } = spawnSync(process.execPath, [command, step, ...rest], {
      maxBuffer: 2 ** 30,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (status !== 0) throw new Error(`espalier ${step} failed: ${stderr.toString()}`);
    if (step === 'tasks') taskListBytes = stdout.length;
    steps.push({ step, seconds: (performance.now() - begun) / 1000, cpuSeconds: childSeconds() - before });
  };
  const rule = ['--preset', 'rl'];
  run('tasks', log);
  run('curve', log, ...rule, '--out', curve);
  const curveBytes = statSync(curve).size;
  run('share', curve, ...rule, '--out', share);
  run('prune', log, ...rule, '--share', `${share}:part`, '--out', join(folder, 'set'));
  rmSync(folder, { recursive: true, force: true });
  return { bytes: statSync(log).size, steps, curveBytes, taskListBytes };
}
