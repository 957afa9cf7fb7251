/** What a budget loses is said before anything is written by it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { keepWarningText } from '../../../src/engine/words/keep-warnings.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';

/** Tasks of two rollouts that share a prompt of so many words, and end. */
function log(prompts: readonly number[]): string {
  return prompts
    .flatMap((words, task) =>
      ['left', 'right'].map((way) =>
        JSON.stringify({
          task: `${task}`,
          messages: [
            { role: 'user', content: `Task ${task}. ${'word '.repeat(words)}` },
            { role: 'assistant', content: `I turn ${way} and look.` },
            { role: 'user', content: 'Go on.' },
            { role: 'assistant', content: `Done at the ${way}.` },
          ],
        }),
      ),
    )
    .join('\n');
}

async function warningsOf(text: string, rule: Partial<PruneRule>, cut: number, train = 1) {
  const { session } = await openSession([inputFile('log.jsonl', text)]);
  const { orderId } = session.order({ ...DEFAULT_RULE, ...rule });
  const keep = session.keep(orderId, { cut, train });
  const sink = memorySink();
  await session.export(orderId, { cut, train }, exportSpec('messages'), sink, () => undefined);
  expect(JSON.parse(sink.files.get('manifest.json') ?? '')).toMatchObject({ warnings: keep.warnings });
  return keep;
}

it('says that a share of each task keeps nothing where prompts are longer', async () => {
  const { warnings, tasks } = await warningsOf(log([200, 200]), { scope: 'task' }, 0.3);
  expect(warnings).toEqual([{ code: 'keeps-nothing', nodes: 0 }]);
  expect(tasks).toEqual({ total: 2, empty: 2, withoutEndings: 2 });
  expect(warnings.map(keepWarningText)).toEqual(['The cut keeps nothing: the first thing to keep is larger than the budget.']);
});

it('says which tasks keep nothing, and which keep no ending', async () => {
  const { warnings, tasks } = await warningsOf(log([2, 900]), { protect: {} }, 0.05);
  expect(tasks).toEqual({ total: 2, empty: 1, withoutEndings: expect.any(Number) as number });
  expect(warnings).toContainEqual({ code: 'empty-tasks', tasks: 1, of: 2 });
  const shorter = await warningsOf(log([60, 60]), { protect: {}, strategy: 'breadth-first' }, 0.75);
  expect(shorter.warnings).toEqual([{ code: 'tasks-without-endings', tasks: shorter.tasks.withoutEndings, of: 2 }]);
  expect(shorter.tasks.withoutEndings).toBeGreaterThan(0);
});

it('says that nothing is trained, and that the log shares too little for a cut', async () => {
  expect((await warningsOf(log([60]), {}, 1, 0)).warnings).toEqual([{ code: 'trains-nothing' }]);
  const apart = log([1])
    .replaceAll('Task 0', 'Task')
    .split('\n')
    .map((line, i) => line.replace('Task', `Errand ${i}`))
    .join('\n');
  expect((await warningsOf(apart, { strategy: 'whole-rollouts' }, 0.6)).warnings.map(({ code }) => code)).toContain('little-shared');
  expect((await warningsOf(apart, {}, 1)).warnings).toEqual([]);
});

it('says nothing of the sample at half its tokens but what is so', async () => {
  const sample = readFileSync('public/samples/orchard.jsonl', 'utf8');
  const { session } = await openSession([inputFile('orchard.jsonl', sample)]);
  const { orderId } = session.order(DEFAULT_RULE);
  const { tasks, warnings } = session.keep(orderId, { cut: 0.5, train: 1 });
  const expected = tasks.withoutEndings > 0 ? [{ code: 'tasks-without-endings', tasks: tasks.withoutEndings, of: tasks.total }] : [];
  expect(warnings).toEqual(expected);
});
