/** Protection per event kind, for the cut and for the train set. */
import { EVENT_KINDS } from '../../../core/model/rule.ts';
import type { EventKind, Protection, ProtectionRules } from '../../../core/model/rule.ts';
import { useChoices } from '../../state/choices.ts';
import { EVENT_NAMES } from '../../text/names.ts';
import { Button, NumberField, Select } from '../../widgets/controls.tsx';
import { Popover } from '../../widgets/popover.tsx';

type Level = Protection['level'];
const LEVELS: readonly { readonly value: Level; readonly label: string }[] = [
  { value: 'off', label: 'off' },
  { value: 'favour', label: 'favour' },
  { value: 'pin', label: 'pin' },
];
const TARGETS = [
  ['protect', 'in the cut'],
  ['trainProtect', 'in training'],
] as const;

/** `memory pinned, tools ×2` */
function protectionWords(rules: ProtectionRules): string {
  const short: Readonly<Record<EventKind, string>> = {
    tool: 'tools',
    result: 'results',
    memory: 'memory',
    error: 'errors',
    final: 'final',
    thinking: 'thinking',
    text: 'text',
  };
  const pinned: string[] = [];
  const favoured: string[] = [];
  for (const kind of EVENT_KINDS) {
    const protection = rules[kind];
    if (protection?.level === 'pin') pinned.push(short[kind]);
    if (protection?.level === 'favour') favoured.push(`${short[kind]} ×${protection.factor}`);
  }
  return [...pinned, ...favoured].join(', ') || 'nothing';
}

export function Protect() {
  const rule = useChoices((s) => s.pruning.present.rule);
  const setRule = useChoices((s) => s.setRule);
  const words = protectionWords(rule.protect);
  const button = (
    <>
      <span className="truncate">{words}</span>
      <span aria-hidden="true" className="text-ink3">
        ▾
      </span>
    </>
  );
  return (
    <Popover
      label="Protect events"
      value={words}
      width={430}
      button={button}
      className={
        'flex h-[26px] min-w-0 items-center justify-between gap-2 rounded ' +
        'border border-line bg-paper px-2 text-left text-t1 hover:border-line2'
      }
    >
      {() => (
        <div className="grid gap-2 p-3">
          <table className="w-full border-collapse">
            <thead>
              <tr className="text-left text-t0 text-ink2">
                <th className="font-[400]">events</th>
                {TARGETS.map(([key, name]) => (
                  <th key={key} className="pb-1 font-[400]">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {EVENT_KINDS.map((kind) => (
                <tr key={kind} title={EVENT_NAMES[kind].about}>
                  <th scope="row" className="py-0.5 pr-2 text-left font-[400]">
                    {EVENT_NAMES[kind].name}
                  </th>
                  {TARGETS.map(([key, name]) => (
                    <td key={key} className="py-0.5">
                      <LevelField
                        label={`${EVENT_NAMES[kind].name} ${name}`}
                        protection={rule[key][kind] ?? { level: 'off' }}
                        onChange={(protection) => setRule({ [key]: { ...rule[key], [kind]: protection } })}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="m-0 text-t0 text-ink2">
            Favour counts the signal of these events several times when nodes are ranked. Pin takes them before everything else. Always on:
            a kept call keeps its result, and a cut never splits an event.
          </p>
          {rule.hand.length > 0 && (
            <p className="m-0 flex items-center justify-between text-ink2">
              {rule.hand.length} nodes protected by hand
              <Button small onClick={() => setRule({ hand: [] })}>
                Release them
              </Button>
            </p>
          )}
        </div>
      )}
    </Popover>
  );
}

function LevelField({
  label,
  protection,
  onChange,
}: {
  readonly label: string;
  readonly protection: Protection;
  readonly onChange: (protection: Protection) => void;
}) {
  const change = (level: Level): void => onChange(level === 'favour' ? { level, factor: 2 } : { level });
  return (
    <span className="flex items-center gap-1">
      <Select label={label} choices={LEVELS} value={protection.level} onChange={change} className="w-[76px]" />
      {protection.level === 'favour' && (
        <NumberField
          label={`${label}, how many times`}
          value={protection.factor}
          low={0}
          high={1000}
          step={0.5}
          format={(value) => `×${value}`}
          onChange={(factor) => onChange({ level: 'favour', factor })}
          className="h-[26px] w-[44px] border-line! bg-paper"
        />
      )}
    </span>
  );
}
