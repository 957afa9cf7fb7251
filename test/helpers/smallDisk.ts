/** A disk of little room, where this machine lets one be made. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';

export interface SmallDisk {
  readonly folder: string;
  remove(): void;
}

/** @returns why there is none, where there is none */
export function makeSmallDisk(folder: string, size: string): SmallDisk | string {
  if (process.platform !== 'linux') return 'small disks are made on Linux only';
  mkdirSync(folder, { recursive: true });
  const { status, error, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { encoding: 'utf8' });
  if (status !== 0) return `no small file system may be mounted here: ${error?.message ?? stderr.trim()}`;
  return {
    folder,
    remove() {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
