/** The stack of acts as a setting. In an address and in a flag it is JSON, and it is right as a whole or not at all. */
import { ACT_VERBS, MAX_ACT_KEYS, MAX_ACT_TEXT, MAX_ACTS, type Act } from '../acts/act.ts';
import { isNodeKey } from '../model/node-key.ts';
import { parsed, type OwnField, type Parsed } from './field.ts';
import { member } from './json.ts';

type Acts = readonly Act[];

export function acts(spec: Omit<OwnField<'acts', Acts>, 'type' | 'read' | 'parse' | 'write'>) {
  return {
    ...spec,
    type: 'acts',
    read: readActs,
    parse: parseActs,
    write: (list) => (list.length === 0 ? 'none' : JSON.stringify(list)),
  } satisfies OwnField<'acts', Acts>;
}

const MEMBERS: ReadonlySet<string> = new Set(['verb', 'isOn', 'where', 'nodes', 'rollouts', 'name', 'times', 'count']);
const MOST_TIMES = 1e6;

function parseActs(text: string): Parsed<Acts> {
  const expected = `none or a JSON list of acts such as [{"verb":"drop","where":"reward<0.5","isOn":true}]`;
  if (text === 'none') return { ok: true, value: [] };
  try {
    return parsed(readActs(JSON.parse(text)), expected, text);
  } catch {
    return parsed<Acts>(undefined, expected, text);
  }
}

/** Undefined where anything in it is not right; members come in one order, so that equal stacks are equal bytes. */
function readActs(value: unknown): Acts | undefined {
  if (!Array.isArray(value) || value.length > MAX_ACTS) return undefined;
  const read: Act[] = [];
  for (const entry of value) {
    const act = readAct(entry);
    if (act === undefined) return undefined;
    read.push(act);
  }
  return read;
}

/** One act from untrusted JSON. */
function readAct(entry: unknown): Act | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  if (!Object.keys(entry).every((name) => MEMBERS.has(name))) return undefined;
  const verb = ACT_VERBS.find(({ id }) => id === member(entry, 'verb'))?.id;
  const isOn = member(entry, 'isOn') ?? true;
  const where = member(entry, 'where');
  const nodes = member(entry, 'nodes');
  const rollouts = member(entry, 'rollouts');
  const name = member(entry, 'name');
  const times = member(entry, 'times');
  const count = member(entry, 'count');
  if (verb === undefined || typeof isOn !== 'boolean') return undefined;
  const isText = (text: unknown): text is string => typeof text === 'string' && text.length <= MAX_ACT_TEXT;
  const isKeys = (list: unknown): list is string[] =>
    Array.isArray(list) && list.length > 0 && list.length <= MAX_ACT_KEYS && list.every((key) => isNodeKey(key));
  const targets = [where, nodes, rollouts].filter((target) => target !== undefined).length;
  if (targets > 1 || (targets === 0 && verb !== 'best')) return undefined;
  if (where !== undefined && !(isText(where) && where.trim() !== '')) return undefined;
  if (nodes !== undefined && (!isKeys(nodes) || verb === 'keep' || verb === 'best')) return undefined;
  if (rollouts !== undefined && !isKeys(rollouts)) return undefined;
  if (name !== undefined && !(isText(name) && name.trim() !== '')) return undefined;
  if (times !== undefined && !(verb === 'favour' && typeof times === 'number' && times > 0 && times <= MOST_TIMES)) return undefined;
  const isCount = typeof count === 'number' && Number.isSafeInteger(count) && count > 0;
  if (verb === 'best' ? !isCount : count !== undefined) return undefined;
  return {
    verb,
    ...(where === undefined ? {} : { where }),
    ...(nodes === undefined ? {} : { nodes: [...nodes] }),
    ...(rollouts === undefined ? {} : { rollouts: [...rollouts] }),
    ...(times === undefined ? {} : { times }),
    ...(isCount ? { count } : {}),
    ...(name === undefined ? {} : { name }),
    isOn,
  };
}
