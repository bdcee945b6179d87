/** The text of train.py. */
import { analyse } from '../../compile/analyse';
import { datasetOf } from '../../datasets';
import { commentText } from '../literals';
import type { ExportInput, ExportModel } from '../model';
import { augmentationCode } from './augmentation-code';
import { type DataCode, idxData } from './data-code';
import { folderData } from './folder-data-code';
import { initialCode } from './initial-code';
import { mainCode, trainerCode } from './loop-code';
import { lossCode } from './loss-code';
import { optimizerCode } from './optimizer-code';
import { orderCode, processCode } from './process-code';
import { precisionCode, precisionParts, precisionText } from './precision-code';
import { recordCode } from './record-code';
import { scheduleCode } from './schedule-code';
import { pythonDictionary } from './values';

/** Readable, runnable as it is beside model.py, and the same for the same document. */
export function trainFile({ model, document, layerloomVersion }: ExportInput): string {
  const { settings } = model;
  const known = datasetOf(settings.dataset);
  const data = known === undefined ? folderData(model) : idxData(known);
  // A folder by its name alone: where it lies is another machine's matter.
  const entries = Object.entries({ ...settings, dataset: model.data.dataset });
  const precision = precisionParts(settings.precision);
  const { minimumBatch } = analyse(document);
  const parts = [
    heading(model, layerloomVersion, data),
    `# The document's training settings.\n${pythonDictionary('SETTINGS', entries)}`,
    `# Images that a process needs for a step.\nMINIMUM_BATCH = ${minimumBatch.size}`,
    data.code,
    augmentationCode(settings),
    scheduleCode(settings),
    lossCode(model),
    optimizerCode(settings),
    initialCode(model),
    orderCode,
    processCode,
    ...precisionCode(settings.precision),
    recordCode(precision),
    trainerCode(precision),
    mainCode(precision),
  ];
  return `${parts.join('\n\n\n')}\n`;
}

function heading({ name, settings }: ExportModel, version: string, data: DataCode): string {
  const { folder, imports, packages, needs } = data;
  const others = [...packages, ...thirdParty].sort(byModule);
  const standard = ['argparse', 'json', 'math', 'os', 'sys', 'time', ...imports].sort();
  return `# ${commentText(name)}
"""Trains the network of model.py; written by Layerloom ${version}.

    python train.py --data FOLDER --output RUN
    torchrun --nproc-per-node 2 train.py --data FOLDER --output RUN

FOLDER holds ${folder}.
On several machines start torchrun on each, with --nnodes, --rdzv-backend c10d and
--rdzv-endpoint HOST:PORT. A step has the batch of the settings, shared by all processes.

Standard output and RUN/metrics.jsonl have one JSON object in a line, as
\`layerloom train --json\` prints them. RUN/checkpoints/epoch-N.safetensors holds weights and
optimiser after each epoch, RUN/weights.safetensors the newest weights alone: both can be
loaded in Layerloom onto document.loom. --resume goes on after the newest checkpoint.${precisionText(settings.precision)}

Needs the packages ${['torch', 'numpy', 'safetensors', ...needs].join(', ')}.
"""

${standard.map((each) => `import ${each}`).join('\n')}
from pathlib import Path

${others.join('\n')}

from model import Network`;
}

const thirdParty = [
  'import torch',
  'import torch.distributed as dist',
  'import torch.nn.functional as F',
  'from safetensors import safe_open',
  'from safetensors.torch import load_file, save_file',
  'from torch import nn',
  'from torch.nn.parallel import DistributedDataParallel',
];

/** As isort has it: whole modules first, then by name. */
function byModule(a: string, b: string): number {
  const isWhole = (line: string): number => (line.startsWith('import') ? 0 : 1);
  return isWhole(a) - isWhole(b) || (a.toLowerCase() < b.toLowerCase() ? -1 : 1);
}
