/** The options of a profile: their defaults, what values they take, and values from text. */
import type { OptionValue, OptionValues, ProfileFacts, ProfileOption } from '../answers/exporting.ts';

/** What an option takes, in words. */
export function expectedOf(option: ProfileOption): string {
  switch (option.type) {
    case 'choice':
      return `one of ${option.values.join(', ')}`;
    case 'flag':
      return 'yes or no';
    case 'number':
      return `${option.whole ? 'a whole number' : 'a number'} from ${option.min} to ${option.max}`;
    case 'text':
      return 'text';
  }
}

/** A value as people write it. */
export function optionText(value: OptionValue): string {
  return value === true ? 'yes' : value === false ? 'no' : String(value);
}

/** The value that a text spells, or null where the option does not take it. */
export function readOption(option: ProfileOption, text: string): OptionValue | null {
  const value =
    option.type === 'flag'
      ? ({ yes: true, true: true, no: false, false: false } as Readonly<Record<string, boolean>>)[text.toLowerCase()]
      : option.type === 'number' && text.trim() !== ''
        ? numberOf(text)
        : text;
  return value !== undefined && takes(option, value) ? value : null;
}

/** `10%` is 0.1. */
function numberOf(text: string): number {
  return text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
}

function takes(option: ProfileOption, value: OptionValue): boolean {
  switch (option.type) {
    case 'choice':
      return typeof value === 'string' && option.values.includes(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' && value >= option.min && value <= option.max && (!option.whole || Number.isInteger(value));
    case 'text':
      return typeof value === 'string';
  }
}

/** All options with a value each. Throws for names and values that the profile does not have. */
export function completeOptions({ id, options }: ProfileFacts, given: OptionValues): OptionValues {
  return completeSettings(id, options, given);
}

/** The same of any list of options. @param owner what messages say that they are of */
export function completeSettings(owner: string, options: readonly ProfileOption[], given: OptionValues): OptionValues {
  const unknown = Object.keys(given).find((name) => !options.some((option) => option.name === name));
  if (unknown !== undefined) throw new Error(`${owner} has no option ${unknown}`);
  return Object.fromEntries(
    options.map((option) => {
      const value = Object.hasOwn(given, option.name) ? given[option.name] : option.default;
      if (value === undefined || !takes(option, value))
        throw new Error(`${owner}: ${option.name} takes ${expectedOf(option)}, found ${textOfValue(value)}`);
      return [option.name, value];
    }),
  );
}

/** As JSON has it; numbers that JSON has not, by their name. */
function textOfValue(value: OptionValue | undefined): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
