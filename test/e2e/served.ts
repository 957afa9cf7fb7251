/** `espalier view` as a command of its own, and what its page tells. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Page } from 'playwright-core';

/** @returns what it prints of its address; `children` are to be ended */
export function startView(children: ChildProcess[], args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['dist-cli/espalier.mjs', 'view', '--port', '0', '--no-open', ...args]);
  children.push(child);
  return new Promise((done, failed) => {
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      const [, address] = /Espalier is at (\S+)/.exec(said) ?? [];
      if (address !== undefined && said.includes('ssh -L')) done(address);
    });
    child.on('exit', () => failed(new Error(`view ended: ${said}`)));
  });
}

/** A rollout as a line. */
export const line = (task: string, n: number, words: number): string =>
  `${JSON.stringify({
    id: `${task}-${n}`,
    task_id: task,
    reward: n % 2,
    messages: [
      { role: 'user', content: `Do ${task}.` },
      { role: 'assistant', content: `Answer ${n} ${`word${n} `.repeat(words)}` },
    ],
  })}\n`;

/** Rollouts that are told of in the page's head. */
export const rollouts = (page: Page, count: number): Promise<void> =>
  page
    .getByText(new RegExp(`\\b${count.toLocaleString('en')}\\s+rollouts?\\b`))
    .first()
    .waitFor({ timeout: 30_000 });
