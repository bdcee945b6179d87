/** Changing a document's training settings to a preset of the template that it was made from. */
import type { Command } from '../document/commands';
import { sameJson } from '../document/record';
import type { GraphDocument } from '../document/types';
import { defaultParams } from '../params/fields';
import { trainingGroups, trainingSchema } from '../training/schema';
import type { JsonObject } from '../util/json';
import type { Preset, Template } from './template';

/** What to learn from, and how to run it on this machine, stays as the user chose it. */
const kept = new Set(
  trainingGroups
    .filter(({ id }) => id === 'data' || id === 'run')
    .flatMap(({ schema }) => Object.keys(schema)),
);

/** The preset whose settings the document has; undefined where they were changed. */
export function presetOf(document: GraphDocument, template: Template): Preset | undefined {
  return template.presets.find((preset) => changesTo(document, template, preset).length === 0);
}

/** The command that gives the document the settings of the preset; those that it does not name get their defaults. */
export function presetCommand(document: GraphDocument, template: Template, preset: Preset): Command {
  return { kind: 'batch', commands: changesTo(document, template, preset) };
}

function changesTo(document: GraphDocument, template: Template, preset: Preset): readonly Command[] {
  const defaults: JsonObject = defaultParams(trainingSchema);
  const current: JsonObject = { ...defaults, ...document.training };
  const wanted: JsonObject = { ...defaults, ...template.training(preset) };
  return Object.entries(wanted)
    .filter(([setting, value]) => !kept.has(setting) && !sameJson(current[setting] ?? null, value))
    .map(([setting, value]) => ({ kind: 'setTraining', setting, value }));
}
