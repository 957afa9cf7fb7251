/** Where references come from: files of BFCL and ADK beside a log, records of tau-bench and of tau2, and what is left out of them. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TRUTHS, type TruthSettings } from '../../../../src/core/truths/settings.ts';
import type { InputFile } from '../../../../src/engine/input-file.ts';
import { pythonCall } from '../../../../src/formats/python-call.ts';
import { callLog, type SaidCall } from '../../../helpers/callLogs.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

async function discrepancies(files: readonly InputFile[], change: Partial<TruthSettings> = {}) {
  const { session } = await openSession(files);
  const answer = await session.truths({ ...DEFAULT_TRUTHS, ...change });
  return { answer, d: Object.fromEntries(answer.rollouts.ids.map((id, r) => [id, answer.rollouts.discrepancy[r]])) };
}

const message = (name: string, args: object) => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c', type: 'function', function: { name, arguments: JSON.stringify(args) } }],
});

describe('references', () => {
  it('of ADK are tool uses and the final response', async () => {
    const cases = [
      {
        eval_id: 't',
        conversation: [
          { intermediate_data: { tool_uses: [{ name: 'set', args: { at: 'bedroom' } }] } },
          { intermediate_data: { tool_uses: [] }, final_response: { parts: [{ text: 'The bedroom is set.' }] } },
        ],
      },
    ];
    const rows = [
      { id: 'right', task: 't', calls: [{ tool: 'set', args: { at: 'bedroom' } }], answer: 'The bedroom is set.' },
      { id: 'words', task: 't', calls: [{ tool: 'set', args: { at: 'bedroom' } }], answer: 'The kitchen is set.' },
    ];
    const files = [
      inputFile('log.jsonl', callLog(rows)),
      inputFile('set.evalset.json', JSON.stringify({ eval_set_id: 's', eval_cases: cases })),
    ];
    expect((await discrepancies(files)).d).toEqual({ right: 0, words: 0 });
    // 6 of 8 words pair: a quarter of two calls, of 1 + 1 + 2.
    expect((await discrepancies(files, { answer: 'always' })).d).toEqual({ right: 0, words: 0.5 / 4 });
  });

  it('of tau-bench stand in each record, without what is said to the user; those of one task that differ are several truths', async () => {
    const record = (trial: number, actions: object[], called: object) => ({
      task_id: 7,
      trial,
      reward: trial,
      info: { task: { user_id: 'u', instruction: 'Move it.', actions } },
      traj: [{ role: 'user', content: 'Move it.' }, called, { role: 'assistant', content: 'Moved.' }],
    });
    const move = (to: string) => ({ name: 'move', kwargs: { to } });
    const said = { name: 'respond', kwargs: { content: 'hello' } };
    const log = [
      record(0, [move('A'), said], message('move', { to: 'A' })),
      record(1, [move('A'), said], message('move', { to: 'B' })),
      record(2, [move('B')], message('move', { to: 'B' })),
    ];
    const { answer, d } = await discrepancies([inputFile('x-airline.json', JSON.stringify(log))]);
    expect(answer.truths.map(({ calls }) => calls)).toEqual([1, 1]);
    expect(d).toEqual({ 'x-airline.json/7/0': 0, 'x-airline.json/7/1': 0, 'x-airline.json/7/2': 0 });
    const one = await discrepancies([inputFile('x-airline.json', JSON.stringify(log.slice(0, 2)))]);
    expect(one.d).toEqual({ 'x-airline.json/7/0': 0, 'x-airline.json/7/1': 0.5 });
  });

  it('of tau2 leave the user’s calls out, unless they are asked for, and compare what they name', async () => {
    const actions = [
      { name: 'toggle', requestor: 'user', arguments: {} },
      { name: 'refuel', requestor: 'assistant', arguments: { id: 'L1', note: 'x' }, compare_args: ['id'] },
    ];
    const log = {
      info: { environment_info: { domain_name: 'telecom' } },
      tasks: [{ id: 'm', evaluation_criteria: { actions } }],
      simulations: [
        {
          id: 's',
          task_id: 'm',
          termination_reason: 'done',
          reward_info: { reward: 1 },
          messages: [
            { role: 'user', content: 'Help.' },
            { role: 'assistant', content: null, tool_calls: [{ id: 'a', name: 'refuel', arguments: { id: 'L1', note: 'y' } }] },
          ],
        },
      ],
    };
    const files = [inputFile('tau2.json', JSON.stringify(log))];
    expect((await discrepancies(files)).d).toEqual({ s: 0 });
    // The user's call is alone: 1 of 1 + 2.
    expect((await discrepancies(files, { user: 'counted' })).d).toEqual({ s: 1 / 3 });
  });

  const MULTI = '../shared/data/bfcl/possible_answer/BFCL_v4_multi_turn_base.json';
  const PARALLEL = '../shared/data/bfcl/possible_answer/BFCL_v4_parallel.json';
  const hasShared = [MULTI, PARALLEL].every((path) => existsSync(path));
  if (!hasShared) console.warn('references of BFCL’s own files are not tested: ../shared/data has none of them');

  it.skipIf(!hasShared)(
    'of BFCL’s own files are 0 away from rollouts that do just that, and not from those that do one thing else',
    async () => {
      type Accepted = Record<string, Record<string, unknown[]>>;
      for (const path of [MULTI, PARALLEL]) {
        const text = readFileSync(path, 'utf8');
        const lines = text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as { id: string; ground_truth: (string[] | Accepted)[] });
        const right = lines.map(({ id, ground_truth: truth }) => {
          const calls = truth.flatMap((entry): SaidCall[] => {
            if (Array.isArray(entry))
              return entry.map((words) => {
                const { tool, args } = pythonCall(words) ?? { tool: '', args: [] };
                return { tool, args: Object.fromEntries(args.map(({ name, value }, i) => [name ?? `p${i}`, value])) };
              });
            return Object.entries(entry).map(([tool, args]) => ({
              tool,
              args: Object.fromEntries(
                Object.entries(args).flatMap(([name, values]) => (values[0] === '' ? [] : [[name, first(values[0])]])),
              ),
            }));
          });
          return { id, task: id, reward: 1, calls };
        });
        const wrong = right.map((row) => ({
          ...row,
          id: `${row.id} wrong`,
          calls: [...row.calls, row.calls[0] ?? { tool: 'x', args: {} }],
        }));
        const { answer } = await discrepancies([
          inputFile('log.jsonl', callLog([...right, ...wrong])),
          inputFile(`possible_answer/${path.split('/').at(-1)}`, text),
        ]);
        expect(answer.truths).toHaveLength(lines.length);
        const far = answer.rollouts.ids.filter((id, r) => (answer.rollouts.discrepancy[r] === 0) === id.endsWith(' wrong'));
        expect(far).toEqual([]);
      }
    },
  );
});

/** A value that an accepted one accepts: members of objects are lists of what they may be. */
function first(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(first);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, values]) => [name, Array.isArray(values) ? (values as unknown[])[0] : values] as const);
  return Object.fromEntries(members.filter(([, each]) => each !== '').map(([name, each]) => [name, first(each)]));
}
