/**
 * The chat templates that lie beside a tokenizer.json, put where older releases keep them: transformers 5 saves
 * `chat_template.jinja`, and further ones as `additional_chat_templates/NAME.jinja`.
 */
import { plainJson } from '../../formats/nesting.ts';
import { isObject } from '../../formats/json.ts';

export const TEMPLATE_FILE = 'chat_template.jinja';
export const TEMPLATE_FOLDER = 'additional_chat_templates';

export interface NamedTemplate {
  readonly name: string;
  readonly template: string;
}

/** What transformers calls the template of `chat_template.jinja` where there are several. */
export const DEFAULT_TEMPLATE = 'default';

/**
 * The text of a tokenizer_config.json with these templates in it, which take the place of its own, as in transformers.
 * @param config undefined: there is none. @returns `config` itself where there are no templates, or where it is no object
 */
export function withTemplates(config: string | undefined, templates: readonly NamedTemplate[]): string | undefined {
  if (templates.length === 0) return config;
  const settings = config === undefined ? {} : plainJson(config);
  if (!isObject(settings)) return config;
  const sorted = templates.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const only = sorted.length === 1 && sorted[0]?.name === DEFAULT_TEMPLATE ? sorted[0].template : null;
  return JSON.stringify({ ...settings, chat_template: only ?? sorted });
}

/** For conversations without and with tools; mostly one and the same. */
export interface ChosenTemplate {
  readonly plain: string;
  readonly withTools: string;
}

/**
 * The templates that transformers would take of a `chat_template`: a text, or several by name, of which `tool_use` is for
 * conversations with tools. Undefined: there is none.
 */
export function chooseTemplate(value: unknown): ChosenTemplate | undefined {
  if (typeof value === 'string') return { plain: value, withTools: value };
  const named = new Map<string, string>();
  if (Array.isArray(value)) {
    for (const entry of value as unknown[]) {
      if (!isObject(entry)) continue;
      const { name, template } = entry;
      if (typeof name === 'string' && typeof template === 'string') named.set(name, template);
    }
  } else if (isObject(value)) for (const name of Object.keys(value)) if (typeof value[name] === 'string') named.set(name, value[name]);
  const plain = named.get(DEFAULT_TEMPLATE) ?? named.get('tool_use');
  return plain === undefined ? undefined : { plain, withTools: named.get('tool_use') ?? plain };
}
