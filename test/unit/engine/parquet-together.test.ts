/** Tables whose rows are rollouts only together: spans of one trace in rows are what they are in lines. */
import { describe, expect, it } from 'vitest';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { listOf, parquetBytes } from '../../helpers/parquetBytes.ts';
import { rolloutsOf } from '../../helpers/rolloutsOf.ts';

const text = (name: string) => ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }) as const;
const message = (role: string, content: string) => ({ 'message.role': role, 'message.content': content });
const [RAIN, YES, FROST, NO] = [
  message('user', 'Rain?'),
  message('assistant', 'Yes.'),
  message('user', 'Frost?'),
  message('assistant', 'No.'),
];

/** Two calls of one trace, and one of another: as Phoenix exports them. */
const COLUMNS = {
  'context.trace_id': ['t1', 't2', 't1'],
  'context.span_id': ['a', 'b', 'c'],
  'attributes.openinference.span.kind': ['LLM', 'LLM', 'LLM'],
  'attributes.llm.input_messages': [[RAIN], [FROST], [RAIN, YES, FROST]],
  'attributes.llm.output_messages': [[YES], [NO], [NO]],
};
const MEMBERS = [text('message.role'), text('message.content')];
const SCHEMA = [
  ...['context.trace_id', 'context.span_id', 'attributes.openinference.span.kind'].map(text),
  ...listOf('attributes.llm.input_messages', MEMBERS),
  ...listOf('attributes.llm.output_messages', MEMBERS),
];
const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
const LINES = [0, 1, 2].map((row) => `${JSON.stringify(Object.fromEntries(names.map((name) => [name, COLUMNS[name][row]])))}\n`).join('');

describe('a table of spans', () => {
  it('is the same rollouts as its rows in lines, and they are read back', async () => {
    const table = inputFile('spans.parquet', parquetBytes(SCHEMA, COLUMNS));
    const { facts } = await openSession([table]);
    expect(facts.inputs).toMatchObject([{ format: 'otel', records: 2, rollouts: 2, issueCount: 0 }]);
    const said = (rollouts: Awaited<ReturnType<typeof rolloutsOf>>) => rollouts.map(({ id, branches }) => ({ id, branches }));
    expect(said(await rolloutsOf([table]))).toEqual(said(await rolloutsOf([inputFile('spans.jsonl', LINES)])));
  });

  it('says which rows cannot be decoded, and has the others', async () => {
    const bytes = parquetBytes(SCHEMA, COLUMNS, { codec: 'UNCOMPRESSED' });
    // Of the second group, in which the third row is, the first page.
    const at = new TextDecoder('latin1').decode(bytes).lastIndexOf('t1');
    bytes.fill(0xff, at - 12, at);
    const { session, facts } = await openSession([inputFile('spans.parquet', bytes)]);
    expect(facts.inputs).toMatchObject([{ records: 3, rollouts: 2, issueCount: 1 }]);
    expect(session.issues(0, 9).issues).toMatchObject([{ address: { unit: 'row', start: 2 } }]);
  });
});
