/** Every training setting of a document as an option of the command line, made from the settings' own schema. */
import type { Field, FieldControl } from '@shared/params/field';
import type { Locale, Text } from '@shared/texts/text';
import { settingOptionTexts as texts } from '@shared/texts/cli';
import { trainingSchema } from '@shared/training/schema';
import { formatText } from '@shared/texts/format';
import { kebabCase } from '@shared/util/case';
import type { Json, JsonObject } from '@shared/util/json';
import type { Arguments, FurtherOption } from '../arguments';

export interface SettingOption extends FurtherOption {
  /** Its key in the document. */
  readonly setting: string;
  readonly control: FieldControl;
}

/** Options that are shorter than their settings. */
const shortNames: Readonly<Record<string, string>> = { batchSize: 'batch', learningRate: 'lr' };

/** All but the data set, which may also be a folder. */
export const settingOptions: readonly SettingOption[] = Object.entries<Field>(trainingSchema)
  .filter(([setting]) => setting !== 'dataset')
  .map(([setting, { control, label }]) => ({
    setting,
    control,
    name: shortNames[setting] ?? kebabCase(setting),
    value: placeholder(control),
    text: described(label, control),
  }));

/** How the option of a setting is written, for messages; the setting's own name where there is none. */
export function optionOf(setting: string): string {
  const name = settingOptions.find((option) => option.setting === setting)?.name;
  return name === undefined ? setting : `--${name}`;
}

/** The settings that were given. Ranges and choices are the settings' own; here numbers must be numbers. */
export function readSettings(args: Arguments): JsonObject {
  const given = settingOptions.flatMap(({ setting, name, control }) => {
    const value = args.text(name);
    return value === undefined ? [] : [[setting, parsed(args, name, value, control)] as const];
  });
  return Object.fromEntries(given);
}

function parsed({ context }: Arguments, name: string, value: string, control: FieldControl): Json {
  const option = `--${name}`;
  const number = (text: string): number => {
    const parsedNumber = Number(text);
    if (text.trim() === '' || !Number.isFinite(parsedNumber))
      throw context.misuse('notNumber', { option, value });
    return parsedNumber;
  };
  if (control.kind === 'integer' || control.kind === 'number') return number(value);
  if (control.kind === 'boolean') {
    if (value === 'on' || value === 'off') return value === 'on';
    throw context.misuse('notChoice', { option, value, choices: 'on, off' });
  }
  if (control.kind === 'numbers') return value === 'none' ? [] : value.split(',').map(number);
  return value;
}

function placeholder({ kind }: FieldControl): string {
  if (kind === 'integer') return 'N';
  if (kind === 'number') return 'X';
  if (kind === 'boolean') return 'on|off';
  if (kind === 'numbers') return 'X,X,...';
  return 'NAME';
}

/** The setting's label, and what it may be. */
function described(label: Text, control: FieldControl): Text {
  const inLocale = (locale: Locale): string => {
    const facts = { label: label[locale] };
    switch (control.kind) {
      case 'integer':
      case 'number':
        return formatText(texts.range, locale, {
          ...facts,
          min: String(control.min),
          max: String(control.max),
        });
      case 'choice':
        return formatText(texts.choices, locale, {
          ...facts,
          choices: control.choices.map(({ value }) => value).join(', '),
        });
      case 'numbers':
        return formatText(texts.numbers, locale, facts);
      default:
        return label[locale];
    }
  };
  return { en: inLocale('en'), 'zh-CN': inLocale('zh-CN') };
}
