/** Every problem that the product can report: message and hint in both languages, by code. */
import { blockProblems } from './block';
import { dataProblems } from './data';
import { documentProblems } from './document';
import { exportProblems } from './export';
import { graphProblems } from './graph';
import { importProblems } from './import';
import { ipcProblems } from './ipc';
import { runProblems } from './run';
import { shapeProblems } from './shape';
import { templateProblemTexts } from './template';

/** Codes are `area/slug`, stable, and what `--json` prints. */
export const problemTexts = {
  ...documentProblems,
  ...graphProblems,
  ...shapeProblems,
  ...blockProblems,
  ...runProblems,
  ...dataProblems,
  ...exportProblems,
  ...importProblems,
  ...ipcProblems,
  ...templateProblemTexts,
};

export type ProblemCode = keyof typeof problemTexts;
