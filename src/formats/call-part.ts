/** A call as JSON writes it, to a part. */
import type { Part } from '../core/model/rollout.ts';
import { get, getId, getString, isObject, parseJson, toJson } from './json.ts';

/** A call as JSON (`{"name", "arguments"}`, flat or under `function`), or null where the value is none. */
export function callPart(value: unknown): Part | null {
  let call: unknown = value;
  if (typeof value === 'string') {
    const parsed = parseJson(value);
    if (!parsed.ok) return null;
    call = parsed.value;
  }
  if (!isObject(call)) return null;
  const inner = get(call, 'function');
  const named = isObject(inner) ? inner : call;
  const tool = getString(named, 'name') ?? getString(named, 'tool_name') ?? (typeof inner === 'string' ? inner : undefined);
  if (tool === undefined) return null;
  const logged = get(named, 'arguments') ?? get(named, 'parameters') ?? get(named, 'args') ?? get(named, 'input');
  const text = typeof logged === 'string' ? logged : logged === undefined || logged === null ? '' : (toJson(logged) ?? '');
  const callId = getId(call, 'id', 'call_id', 'tool_call_id');
  return { kind: 'call', text, tool, ...(callId === undefined ? {} : { callId }) };
}
