/** Parquet files for tests: the generator of what `parquet.test.ts` opens. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';

type Schema = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>;
type Codec = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['codec']>;

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const;

/** A list in three levels, as the format asks for (`LIST`), of structs with these members. */
export function listOf(name: string, members: Schema): Schema {
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL', num_children: members.length },
    ...members,
  ];
}

/** Messages as data sets hold them. */
export const MESSAGES: Schema = listOf('messages', [
  { name: 'role', ...text },
  { name: 'content', ...text },
]);

/** @param columns name -> values, in the order of the schema's top level. @param groups rows of each group */
export function parquetBytes(
  schema: Schema,
  columns: Readonly<Record<string, unknown[]>>,
  { codec = 'SNAPPY', groups = 2 }: { codec?: Codec; groups?: number } = {},
): Uint8Array {
  const data = Object.entries(columns).map(([name, values]) => ({ name, data: values }));
  const root = { name: 'root', num_children: data.length };
  const compressors = {
    GZIP: (input: Uint8Array) => new Uint8Array(gzipSync(input)),
    BROTLI: (input: Uint8Array) => new Uint8Array(brotliCompressSync(input)),
  };
  const options = { columnData: data, schema: [root, ...schema], codec, compressors, rowGroupSize: groups, statistics: false };
  return new Uint8Array(parquetWriteBuffer(options));
}

/** Conversations that each end with one of these answers. */
export function conversations(answers: readonly string[]): { role: string; content: string | null }[][] {
  return answers.map((answer) => [
    { role: 'user', content: 'Water the beds.' },
    { role: 'assistant', content: answer },
  ]);
}
