/** Batches of requests: results have the prompts of the requests that lie beside them, by their ids, and nothing is joined by a guess. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { rolloutsOf } from '../../helpers/rolloutsOf.ts';

const asLines = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const request = (id: string, said: string): object => {
  const body = { model: 'm', messages: [{ role: 'user', content: said }] };
  return { custom_id: id, method: 'POST', url: '/v1/chat/completions', body };
};
const result = (id: string, said: string): object => {
  const choices = [{ index: 0, message: { role: 'assistant', content: said }, finish_reason: 'stop' }];
  return { id: `q-${id}`, custom_id: id, response: { status_code: 200, body: { id: `c-${id}`, model: 'm', choices } }, error: null };
};
const texts = (rollouts: Awaited<ReturnType<typeof rolloutsOf>>): string[] =>
  rollouts.map(({ branches }) => branches.flatMap(({ events }) => events.flatMap(({ parts }) => parts.map(({ text }) => text))).join('|'));

describe('results of a batch', () => {
  it('have their prompts, and say which requests and ids are left', async () => {
    const asked = inputFile(
      'b/in.jsonl',
      asLines([request('a', 'Rain?'), request('b', 'Frost?'), request('c', 'Hail?'), request('c', 'Wind?')]),
    );
    const given = inputFile('b/out.jsonl', asLines([result('b', 'No.'), result('a', 'Yes.'), result('c', 'So.')]));
    const { session, facts } = await openSession([asked, given]);
    expect(facts.inputs).toMatchObject([{ name: 'b/out.jsonl', format: 'batch-results', records: 3, rollouts: 3 }]);
    const said = session.issues(0, 9).issues.map(({ code, found }) => `${code}: ${found}`);
    expect(said).toContain('batch-requests: 1 ids of several; without their prompts');
    expect(said.filter((each) => each.startsWith('no-prompt'))).toHaveLength(1);
    expect(texts(await rolloutsOf([asked, given]))).toEqual(['Frost?|No.', 'Rain?|Yes.', 'So.']);
  });

  it('of Anthropic have theirs too, by the folder where ids are the same in two', async () => {
    const folder = (name: string, said: string) => {
      const params = { model: 'm', system: name, messages: [{ role: 'user', content: said }] };
      const message = { id: `m-${name}`, type: 'message', role: 'assistant', model: 'm', content: [{ type: 'text', text: 'Yes.' }] };
      return [
        inputFile(`${name}/requests.jsonl`, asLines([{ custom_id: '1', params }])),
        inputFile(`${name}/results.jsonl`, asLines([{ custom_id: '1', result: { type: 'succeeded', message } }])),
      ];
    };
    const files = [...folder('x', 'Rain?'), ...folder('y', 'Frost?')];
    expect(texts(await rolloutsOf(files)).toSorted()).toEqual(['x|Rain?|Yes.', 'y|Frost?|Yes.']);
  });

  it('have no requests of another server, though their ids are the same', async () => {
    const message = { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [{ type: 'text', text: 'Yes.' }] };
    const given = inputFile('out.jsonl', asLines([{ custom_id: 'a', result: { type: 'succeeded', message } }]));
    expect(texts(await rolloutsOf([inputFile('in.jsonl', asLines([request('a', 'Rain?')])), given]))).toEqual(['Yes.']);
  });

  it('and requests that are of another batch, or alone, stay what they are', async () => {
    const asked = inputFile('in.jsonl', asLines([request('z', 'Rain?')]));
    const other = await openSession([asked, inputFile('out.jsonl', asLines([result('a', 'Yes.')]))]);
    expect(other.facts.inputs).toMatchObject([
      { name: 'in.jsonl', records: 1, rollouts: 0, asideCount: 1 },
      { name: 'out.jsonl', records: 1, rollouts: 1 },
    ]);
    const alone = await openSession([asked]);
    expect(alone.session.issues(0, 9).issues).toMatchObject([{ code: 'side-file' }]);
  });

  it('are joined as a table would join them', async () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[a-f]{1,2}$/), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(ids, ids, async (asked, given) => {
        const files = [
          inputFile('in.jsonl', asLines(asked.map((id) => request(id, `ask ${id}`)))),
          inputFile('out.jsonl', asLines(given.map((id) => result(id, `say ${id}`)))),
        ];
        const expected = given.map((id) => (asked.includes(id) ? `ask ${id}|say ${id}` : `say ${id}`));
        expect(texts(await rolloutsOf(files))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});
