/** Protection per event kind, for the cut and for the train set. */
import { Fragment } from 'react';
import { EVENTS } from '../../../core/model/protection.ts';
import type { Protection, ProtectionRules } from '../../../core/model/protection.ts';
import { RULE_FIELDS } from '../../../core/rule/fields.ts';
import { useOrder } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import { exact, plural } from '../../text/format.ts';
import { Button, NumberField, Select } from '../../widgets/controls.tsx';
import { Popover } from '../../widgets/popover.tsx';

type Level = Protection['level'];
const LEVELS: readonly { readonly value: Level; readonly label: string }[] = [
  { value: 'off', label: 'off' },
  { value: 'favour', label: 'favour' },
  { value: 'pin', label: 'pin' },
];
const TARGETS = (['protect', 'trainProtect'] as const).map((key) => ({ key, label: RULE_FIELDS[key].label }));

/** `memory pinned, tools ×2` */
function protectionWords(rules: ProtectionRules): string {
  const pinned: string[] = [];
  const favoured: string[] = [];
  for (const { id, short } of EVENTS) {
    const protection = rules[id];
    if (protection?.level === 'pin') pinned.push(short);
    if (protection?.level === 'favour') favoured.push(`${short} ×${protection.factor}`);
  }
  return [...pinned, ...favoured].join(', ') || 'nothing';
}

export function Protect() {
  const rule = useChoices((s) => s.pruning.present.rule);
  const setRule = useChoices((s) => s.setRule);
  const elsewhere = useOrder().data?.handElsewhere ?? 0;
  const words = protectionWords(rule.protect);
  const button = (
    <>
      <span className="line-clamp-2 leading-[14px]">
        {/* A factor stays with its word. */}
        {words.split(', ').map((word, i, all) => (
          <Fragment key={word}>
            {i > 0 && ' '}
            <span className="whitespace-nowrap">{i < all.length - 1 ? `${word},` : word}</span>
          </Fragment>
        ))}
      </span>
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
        'flex min-h-[26px] min-w-0 items-center justify-between gap-2 rounded ' +
        'border border-line bg-paper px-2 py-[3px] text-left text-t1 hover:border-line2'
      }
    >
      {() => (
        <div className="grid gap-2 p-3">
          <table className="w-full border-collapse">
            <thead>
              <tr className="text-left text-t0 text-ink2">
                <th className="font-[400]">events</th>
                {TARGETS.map(({ key, label }) => (
                  <th key={key} className="pb-1 font-[400]">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {EVENTS.map((event) => (
                <tr key={event.id} title={event.help}>
                  <th scope="row" className="py-0.5 pr-2 text-left font-[400]">
                    {event.label}
                  </th>
                  {TARGETS.map(({ key, label }) => (
                    <td key={key} className="py-0.5">
                      <LevelField
                        label={`${event.label} ${label}`}
                        protection={rule[key][event.id] ?? { level: 'off' }}
                        onChange={(protection) => setRule({ [key]: { ...rule[key], [event.id]: protection } })}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="m-0 text-t0 text-ink2">
            Favour counts the signal of these events several times when nodes are ranked. Pin keeps them before everything else. Always on:
            a kept call keeps its result, and a cut never splits an event.
          </p>
          {rule.hand.length > 0 && (
            <p className="m-0 flex items-center justify-between text-ink2">
              {plural(rule.hand.length, 'node')} protected by hand{elsewhere > 0 && `, ${exact(elsewhere)} of them not in this log`}
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
          low={0.1}
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
