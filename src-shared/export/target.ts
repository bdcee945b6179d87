/** What an export target is: one folder here, found by its name, pure from model and weights to bytes. */
import type { ParamIssue, ParamSchema, ParamsOf } from '../params/field';
import { type Problem, problem } from '../problems/problem';
import type { Text } from '../texts/text';
import type { Result } from '../util/result';
import type { DrawingInput, ExportInput, ExportLayer, ExportModel } from './model';

/** In the order of the dialog and of `layerloom export --list`. */
export const targetGroups = ['model', 'code', 'weights', 'picture', 'report'] as const;
export type TargetGroup = (typeof targetGroups)[number];

/** A file of an export. */
export interface ExportedFile {
  /**
   * Within the exported folder, with `/`: `src/model.py`. A target whose output is a file gives `fileName` first and may
   * add others that stand beside it and begin with that name.
   */
  readonly path: string;
  /** Written one after another, without a copy in one piece. */
  readonly parts: readonly (Uint8Array | string)[];
}

/** An SVG that is to become a PNG of this width in pixels. */
export interface DrawnFile {
  readonly path: string;
  readonly svg: string;
  readonly width: number;
}

export interface Exported<F extends ExportedFile | DrawnFile = ExportedFile> {
  readonly files: readonly F[];
  /** What the user should know: warnings such as what was approximated. */
  readonly notes?: readonly Problem[];
}

/** Why a layer cannot be exported; the framework adds node and part. */
export interface SupportIssue extends ParamIssue {
  readonly param?: string;
}

interface TargetBase<S extends ParamSchema> {
  /** Name of its folder here, and on the command line. */
  readonly id: string;
  readonly group: TargetGroup;
  readonly title: Text;
  /** One sentence: what it is, and what opens it. */
  readonly doc: Text;
  readonly output: { readonly kind: 'file'; readonly extension: `.${string}` } | { readonly kind: 'folder' };
  /** Options as fields: the dialog draws them, the command line reads them as `--kebab-case VALUE`. */
  readonly options: S;
  /** What `--check` does, in one sentence; absent where there is nothing to check. src-main/engine/export-checks does it. */
  readonly check?: Text;
}

/** An export of the network: the document must be without mistakes. */
export interface ExportTarget<S extends ParamSchema = ParamSchema> extends TargetBase<S> {
  /** Whether it needs values of weights; tables do without. */
  readonly needsWeights: boolean;
  /** Refuses documents without a run; it then gets the figures of every step, too. */
  readonly needsRun?: boolean;
  /** Why this layer cannot be exported with these options; undefined where it can. Blocks are asked layer by layer. */
  support(layer: ExportLayer, options: ParamsOf<S>): SupportIssue | undefined;
  /** Called only when every layer is supported. Deterministic: no clock, no random numbers, the same bytes each time. */
  export(input: ExportInput, options: ParamsOf<S>): Result<Exported, readonly Problem[]>;
}

/** A picture of the document as it is drawn, mistakes and all; the window hands over what is on its canvas. */
export interface DrawingTarget<S extends ParamSchema = ParamSchema> extends TargetBase<S> {
  draw(
    input: DrawingInput,
    options: ParamsOf<S>,
  ): Result<Exported<ExportedFile | DrawnFile>, readonly Problem[]>;
}

export type AnyTarget = ExportTarget | DrawingTarget;

export function isDrawing(target: AnyTarget): target is DrawingTarget {
  return 'draw' in target;
}

/** Types a target by its own options; the registry sees them all as AnyTarget. */
export function defineTarget<const S extends ParamSchema>(target: ExportTarget<S>): ExportTarget<S> {
  return target;
}

/** The same for pictures. */
export function defineDrawing<const S extends ParamSchema>(target: DrawingTarget<S>): DrawingTarget<S> {
  return target;
}

/** What cannot be exported, per node, with the reason. */
export function supportProblems(
  target: AnyTarget,
  model: Pick<ExportModel, 'layers'>,
  options: ParamsOf<ParamSchema>,
): readonly Problem[] {
  if (isDrawing(target)) return [];
  return model.layers.flatMap((layer) => {
    const issue = target.support(layer, options);
    if (issue === undefined) return [];
    const [node = layer.path, ...inside] = layer.path.split('/');
    const part = inside.length === 0 ? {} : { part: inside.join('/') };
    const param = issue.param === undefined ? {} : { param: issue.param };
    return [
      problem(issue.code, { name: layer.name, type: layer.type, ...issue.args }, { node, ...part, ...param }),
    ];
  });
}
