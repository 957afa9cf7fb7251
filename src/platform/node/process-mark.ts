/** What a run leaves where it works, so that a later one can tell whether it still runs. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** `unknown`: of another machine or container, whose processes are not seen from here. */
export type Mark = 'running' | 'gone' | 'unknown';

/** Of this process: its number, its machine, and when and where it began. */
export function processMark(): string {
  return `${process.pid}\n${hostname()}\n${begun(process.pid) ?? ''}`;
}

/** Whether the process that left a mark still runs. Numbers of processes are given again, so the number alone does not tell. */
export function readMark(text: string): Mark {
  const [number = '', machine, began = ''] = text.split('\n');
  if (!/^\d+$/.test(number) || machine !== hostname()) return 'unknown';
  const pid = Number(number);
  const [boot, seenFrom] = began.split(' ');
  const here = begun(process.pid)?.split(' ');
  if (here !== undefined && began !== '') {
    if (boot !== here[0]) return 'gone';
    if (seenFrom !== here[1]) return 'unknown';
    const now = begun(pid);
    if (now !== null) return now === began ? 'running' : 'gone';
  }
  return isRunning(pid) ? 'running' : 'gone';
}

/** The start of the machine, the space of process numbers, and the ticks between that start and the process's; null off Linux. */
function begun(pid: number): string | null {
  try {
    // The name of the program, in brackets, may hold anything.
    const ticks = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return ticks === undefined ? null : `${boot} ${readlinkSync('/proc/self/ns/pid')} ${ticks}`;
  } catch {
    return null;
  }
}

/** Whether a process of this machine has that number. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
