/** The page while its session is stuck or dead: it says so, cancelling works, and other files open. */
import { beforeAll, expect, it, vi } from 'vitest';
import { ask } from '../../../src/app/queries/client.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import type { TokenizerChoice } from '../../../src/engine/answers/opening.ts';
import { conversations, ENDLESS_TEXT, HANGING } from '../../helpers/hangingTokenizer.ts';
import { proven } from '../../helpers/proven.ts';
import { mountPage } from '../mount.ts';

const shown = (text: string) => vi.waitFor(() => expect(document.body.textContent).toContain(text), { timeout: 60_000, interval: 50 });
const gone = (text: string) => vi.waitFor(() => expect(document.body.textContent).not.toContain(text), { timeout: 60_000, interval: 50 });
const click = async (name: string): Promise<void> => {
  const button = await vi.waitFor(() => {
    const found = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name);
    if (!found) throw new Error(`no button ${name}`);
    return found;
  }, 30_000);
  button.click();
};

/** Sessions of the page, those that were started last at the end. */
const sessions: Worker[] = [];
const Plain = Worker;

beforeAll(async () => {
  localStorage.setItem('espalier-score-by-itself', 'no');
  globalThis.Worker = class extends Plain {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      if (options?.name === 'espalier session') sessions.push(this);
    }
  };
  await mountPage();
});

function open(name: string, tokenizer: TokenizerChoice, ...texts: readonly string[]): void {
  const files = [{ path: name, blob: new File([conversations(...texts)], name) }];
  useChoices.getState().open(files, { kind: 'files', handles: [] }, { tokenizer });
}

async function opened(name: string, ...texts: readonly string[]): Promise<void> {
  open(name, { kind: 'o200k_base' }, ...texts);
  await shown(`${texts.length} rollouts`);
  await shown('signal retained');
}

it('says that the session died, and opens again', async ({ task }) => {
  await opened('dies.jsonl', 'one', 'two', 'three');
  sessions.at(-1)?.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  await shown('The worker that holds the forest stopped: out of memory. Your settings are kept.');
  await click('Open again');
  await gone('The worker that holds the forest stopped');
  await shown('3 rollouts');
  expect((await ask((session) => session.facts())).rollouts).toBe(3);
  proven(task, {
    part: 'Faults',
    fault: 'The session worker of the page dies',
    happened: 'the page says why and keeps the settings; opened again, 3 records = 3 rollouts',
  });
});

it('says that the session answers nothing, and opens again', async ({ task }) => {
  await opened('silent.jsonl', 'one', 'two', 'three', 'four');
  // Ended by somebody else: no event tells of it.
  sessions.at(-1)?.terminate();
  void ask((session) => session.facts()).catch(() => undefined);
  await shown('The worker that holds the forest has not answered for');
  const before = sessions.length;
  await click('Open again');
  await gone('has not answered for');
  await vi.waitFor(async () => expect((await ask((session) => session.facts())).rollouts).toBe(4), 60_000);
  expect(sessions.length).toBe(before + 1);
  proven(task, {
    part: 'Watchdog',
    fault: 'The session worker of the page answers nothing any more',
    happened: 'the page says so and offers to open again; then 4 records = 4 rollouts, by another worker',
  });
});

it('opens other files where the session is stuck', async () => {
  sessions.at(-1)?.terminate();
  await opened('others.jsonl', 'one', 'two', 'three', 'four', 'five');
});

it('cancels an opening whose worker hangs, and opens the next files', async ({ task }) => {
  open('hangs.jsonl', HANGING, ENDLESS_TEXT);
  await click('Cancel');
  await shown('No record in these files could be used');
  await opened('next.jsonl', 'one', 'two');
  proven(task, {
    part: 'Watchdog',
    fault: 'Cancel is clicked while a parse worker hangs',
    happened: 'the opening ends, and the next file opens: 2 records = 2 rollouts',
  });
});

it('cancels an opening whose session is stuck', async () => {
  open('stuck.jsonl', HANGING, ENDLESS_TEXT);
  await shown('Cancel');
  sessions.at(-1)?.terminate();
  await click('Cancel');
  await shown('it was told to stop, and did not answer');
  await click('Back');
  await shown('Nothing leaves this tab');
});
