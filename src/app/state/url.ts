/** Settings and selection as the address's hash, and back. The hash is untrusted: what it does not spell right is ignored. */
import { isNodeKey } from '../../core/model/node-key.ts';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { Budget, PruneRule } from '../../core/model/rule.ts';
import { isRolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { readPolicyVersion } from '../../core/rollouts/policy-versions.ts';
import { GROUPS } from '../../core/rollouts/regard.ts';
import { readStatusRewards, writeStatusRewards } from '../../core/rollouts/status-rewards.ts';
import type { OpenSettings } from '../../engine/answers/opening.ts';
import type { TreeView } from '../../engine/answers/drawing.ts';
import type { Settings } from '../../engine/answers/comparing.ts';
import type { Split } from '../../engine/answers/statistics.ts';
import { coloursOf, FIRST_SHAPE } from './looks.ts';
import type { ColourBy, Shape, SortBy, Target } from './looks.ts';
import { numberWord, putIn, putPruning, readPruning, readSettings, writeSettings } from './pruning-words.ts';
import { putSplit, readSplit } from './split-words.ts';
import { readTableLook, writeTableLook } from './table-look.ts';
import type { LeftList, TableLook } from './table-look.ts';

/** The part of the choices that a link carries. */
export interface Linked {
  readonly rule: Partial<PruneRule>;
  readonly budget: Budget | null;
  readonly open: Partial<Pick<OpenSettings, 'memoryTools' | 'maxNodeTokens' | 'group' | 'statusRewards' | 'policyVersion'>>;
  readonly target: Target | null;
  readonly task: string | null;
  readonly node: NodeKey | null;
  readonly action: NodeKey | null;
  readonly rollout: RolloutKey | null;
  /** The rollout that it is compared with. */
  readonly other: RolloutKey | null;
  /** The text of the filter box, at most `FILTER_LENGTH` characters. */
  readonly filter: string;
  /** How statistics part the rollouts. */
  readonly split: Split | null;
  /** What the settings in force are compared with. */
  readonly settingsA: Settings | null;
  readonly table: TableLook;
  readonly list: LeftList;
  /** Fingerprint of the log that the link was made on. */
  readonly data: string | null;
  readonly shape: Shape;
  readonly colour: ColourBy;
  readonly treeView: TreeView;
  readonly sort: SortBy;
}

const COLOURS = coloursOf('tokens').map(({ value }) => value);
const VIEWS = ['tokens', 'actions'] as const;
const SORTS = ['signal', 'tokens', 'sharing', 'spread', 'name', 'arrival'] as const;
/** A longer filter is not taken over from an address. */
const FILTER_LENGTH = 4_000;
const TARGETS = ['cut', 'train'] as const;

/** Everything that differs from the defaults, as `#name=value&…`; empty where nothing does. */
export function writeHash(linked: Linked): string {
  const out = new URLSearchParams();
  const put = putIn(out);
  putPruning(put, linked.rule, linked.budget);
  put('target', linked.target);
  put('task', linked.task);
  put('node', linked.node);
  put('action', linked.action);
  put('rollout', linked.rollout);
  put('with', linked.other);
  put('filter', linked.filter, '');
  putSplit(put, linked.split);
  put('a', writeSettings(linked.settingsA));
  for (const [name, word] of Object.entries(writeTableLook(linked.table))) put(name, word);
  put('list', linked.list, 'tasks');
  put('view', linked.shape, FIRST_SHAPE);
  put('colour', linked.colour, 'kind');
  put('by', linked.treeView, 'tokens');
  put('sort', linked.sort, 'signal');
  if (linked.open.memoryTools) put('memory', linked.open.memoryTools.join(','));
  put('block', linked.open.maxNodeTokens);
  put('group', linked.open.group, 'task');
  put('status', writeStatusRewards(linked.open.statusRewards ?? []), '');
  put('policy', linked.open.policyVersion ?? null);
  // Where nothing is chosen there is nothing that another log could lack.
  if (out.size > 0) put('data', linked.data);
  // These need no escape in a hash, and a link is read by people too.
  const text = out.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%3D', '=');
  return text === '' ? '' : `#${text}`;
}

/** Reads what `writeHash` wrote. */
export function readHash(hash: string): Linked {
  const words = new URLSearchParams(hash.replace(/^#/, ''));
  const block = numberWord(words.get('block'), 1, 1e9);
  const group = oneOf(words.get('group'), GROUPS);
  const statusRewards = readStatusRewards(words.get('status') ?? '');
  const policyVersion = readPolicyVersion(words.get('policy') ?? '') ?? undefined;
  const memory = words.get('memory');
  return {
    ...readPruning(words),
    open: {
      ...(memory === null ? {} : { memoryTools: memory.split(',').filter(Boolean) }),
      ...(block === null ? {} : { maxNodeTokens: Math.floor(block) }),
      ...(group === null ? {} : { group }),
      ...(policyVersion === undefined ? {} : { policyVersion }),
      ...(statusRewards === null || statusRewards.length === 0 ? {} : { statusRewards }),
    },
    target: oneOf(words.get('target'), TARGETS),
    task: words.get('task'),
    node: key(words.get('node')),
    action: key(words.get('action')),
    rollout: oneKey(words.get('rollout')),
    other: oneKey(words.get('with')),
    filter: (words.get('filter') ?? '').length <= FILTER_LENGTH ? (words.get('filter') ?? '') : '',
    split: readSplit(words),
    settingsA: readSettings(words.get('a')),
    table: readTableLook(words),
    list: words.get('list') === 'rollouts' ? 'rollouts' : 'tasks',
    data: key(words.get('data')),
    shape: /^[a-z][a-z-]{0,31}$/.exec(words.get('view') ?? '')?.[0] ?? FIRST_SHAPE,
    colour: oneOf(words.get('colour'), COLOURS) ?? 'kind',
    treeView: oneOf(words.get('by'), VIEWS) ?? 'tokens',
    sort: oneOf(words.get('sort'), SORTS) ?? 'signal',
  };
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[]): T | null {
  return allowed.find((word) => word === value) ?? null;
}

/** 16 digits, else null: so are the row numbers in links of an older version. */
function key(text: string | null): NodeKey | null {
  return isNodeKey(text) ? text : null;
}

function oneKey(text: string | null): RolloutKey | null {
  return isRolloutKey(text) ? text : null;
}
