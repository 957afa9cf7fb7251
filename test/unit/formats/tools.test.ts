/** Tool definitions in one form, whatever the log's. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../src/formats/registry.ts';
import { normalTools, readTools } from '../../../src/formats/tools.ts';

const parameters = { type: 'object', properties: { q: { type: 'string' } } };
const wrapped = [{ type: 'function', function: { name: 'search', description: 'Find.', parameters } }];
const flat = { name: 'search', description: 'Find.', parameters };

describe('tools', () => {
  it.each([
    ['wrapped', wrapped],
    ['flat', [flat]],
    ['flat with a type, as the Responses API has them', [{ type: 'function', ...flat }]],
    ['of Anthropic', [{ name: 'search', description: 'Find.', input_schema: parameters }]],
    ['of MCP', [{ name: 'search', description: 'Find.', inputSchema: parameters }]],
    ['of Gemini', [{ functionDeclarations: [flat] }]],
    ['one definition', flat],
    ['by name', { search: { description: 'Find.', parameters } }],
    ['each as a text', [JSON.stringify(flat)]],
    ['all as a text', JSON.stringify([flat])],
  ])('are wrapped where the log holds them %s', (_, value) => {
    expect(JSON.parse(normalTools(value) ?? 'null')).toEqual(wrapped);
  });

  it('keep what else a definition says, and make nothing up', () => {
    const strict = [{ type: 'function', function: { name: 'f', strict: true } }];
    expect(JSON.parse(normalTools([{ name: 'f', description: null, strict: true }]) ?? 'null')).toEqual(strict);
    expect(normalTools([{ type: 'web_search' }])).toBe('[{"type":"web_search"}]');
  });

  it.each([[[]], [{}], [''], ['[]'], [null], [7], [[null]]])('are none in %j', (value) => {
    expect(normalTools(value)).toBeUndefined();
  });

  it('take any value, and are the same when read again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const tools = normalTools(value);
        if (tools === undefined) return;
        expect(Array.isArray(JSON.parse(tools)) || typeof value === 'string').toBe(true);
        if (!Array.isArray(JSON.parse(tools))) return;
        // Numbers beyond 2^53 are text once they are read.
        const read = normalTools(tools);
        if (read !== undefined) expect(normalTools(read)).toBe(read);
      }),
    );
  });

  it('stay as logged where declarations are nested beyond reason', () => {
    let deep: unknown = flat;
    for (let i = 0; i < 50_000; i++) deep = { functionDeclarations: [deep] };
    expect(() => normalTools([deep])).not.toThrow();
    expect(normalTools([{ functionDeclarations: [{ functionDeclarations: [flat] }] }])).toBe(JSON.stringify(wrapped));
  });

  it('are found in the first holder that has some', () => {
    expect(readTools([{ tools: [] }, { tool_defs: [flat] }, { tools: [{ name: 'other' }] }])).toBe(JSON.stringify(wrapped));
  });
});

function toolsOf(format: string, record: unknown, document?: unknown): unknown {
  const context = { name: 'a.json', path: 'a.json', index: 0, line: 1, ...(document === undefined ? {} : { document }) };
  const [decoded] = FORMATS.find(({ id }) => id === format)?.decode(record, context) ?? [];
  if (!decoded?.ok) throw new Error('the record is refused');
  return decoded.rollout.tools === undefined ? null : JSON.parse(decoded.rollout.tools);
}

describe('logs that hold tools beside their records', () => {
  const messages = [
    { role: 'user', content: 'Find it.' },
    { role: 'assistant', content: 'Here.' },
  ];
  it('have them in the environment of tau2, and none where it says null', () => {
    const record = { id: 'a', task_id: '1', reward_info: { reward: 1 }, termination_reason: 'user_stop', messages };
    const info = (tools: unknown) => ({ info: { environment_info: { domain_name: 'telecom', tool_defs: tools } } });
    expect(toolsOf('tau2', record, info([flat]))).toEqual(wrapped);
    expect(toolsOf('tau2', record, info({ search: { description: 'Find.', parameters } }))).toEqual(wrapped);
    expect(toolsOf('tau2', record, info(null))).toBeNull();
  });
  it('have them in the configuration of mini-swe-agent, and none where that has none', () => {
    const run = (config: object) => ({ trajectory_format: 'mini-swe-agent-1.1', info: { config }, messages });
    expect(toolsOf('mini-swe-agent', run({ model: { model_kwargs: { tools: [flat] } } }))).toEqual(wrapped);
    expect(toolsOf('mini-swe-agent', run({ model: { model_kwargs: {} } }))).toBeNull();
  });
});
