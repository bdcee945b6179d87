/** `layerloom train`: a run, watched until it ends. */
import { mkdir } from 'node:fs/promises';
import { datasetOf } from '@shared/datasets';
import { folderName } from '@shared/datasets/image-folder';
import type { EventPayload } from '@shared/ipc/contract';
import type { EngineContract, RunState } from '@shared/ipc/engine.contract';
import { problem } from '@shared/problems/problem';
import {
  checkpointMetric,
  epochMetric,
  type MetricRecord,
  resumeRecord,
  startRecord,
  type StartRecord,
  stateMetric,
  stepRecords,
} from '@shared/run/metrics';
import { outputTexts as texts } from '@shared/texts/cli';
import { importTexts } from '@shared/texts/import';
import type { Command } from '../command';
import type { Context } from '../context';
import { systemReason } from '../document-file';
import { type EngineLink, withEngine } from '../engine-link';
import { stopOnInterrupt } from '../interrupt';
import { type ExitCode, Refusal } from '../outcome';
import { EpochTable } from './epoch-table';
import { settingOptions } from './setting-options';
import { readResumeRequest } from './resume-request';
import { readTrainRequest, type TrainRequest } from './train-request';

/** Between two lines about the reading of images. */
const READING_INTERVAL_MS = 3000;

export const trainCommand: Command = {
  syntax: {
    command: 'train',
    options: {
      dataset: { value: 'NAME|PATH' },
      limit: { value: 'N' },
      device: { value: 'NAME' },
      run: { value: 'DIR' },
      weights: { value: 'FILE|RUN' },
      resume: {},
      json: {},
      help: { short: 'h' },
    },
    further: settingOptions,
    positionals: ['FILE'],
  },
  run: async (context, args): Promise<ExitCode> => {
    const request = args.has('resume')
      ? await readResumeRequest(context, args)
      : await readTrainRequest(context, args);
    if (!request.isResumed) await makeFolder(request.run);
    const { run: runDirectory, device, weights } = request;
    const configuration = { runDirectory, device, ...(weights !== undefined && { weightsFrom: weights }) };
    const printer = args.has('json') ? new JsonPrinter(context) : new TextPrinter(context, request);
    return withEngine(context, configuration, (engine) => train(context, engine, request, printer));
  },
};

interface Printer {
  metric(record: MetricRecord): void;
}

async function train(
  context: Context,
  engine: EngineLink,
  request: TrainRequest,
  printer: Printer,
): Promise<ExitCode> {
  const description = await engine.call('describe', {});
  const ended = watchRun(context, engine, printer);
  const { settings } = request;
  if (request.isResumed) {
    const { from, ...plan } = await engine.call('resume', { epochs: settings.epochs });
    printer.metric(startRecord(settings, plan, description));
    const done = { steps: from.step, epochs: from.epoch };
    printer.metric(resumeRecord(done, { epochs: settings.epochs, totalSteps: plan.totalSteps }));
  } else {
    const { document, limit, weights } = request;
    const plan = await engine.call('train', {
      ...{ document, ...(limit === undefined ? {} : { limit }) },
      ...(weights !== undefined && { startsFromWeights: true }),
    });
    if (plan.startWeights !== undefined) {
      context.say(context.text(importTexts.started, { ...plan.startWeights, from: weights ?? '' }));
    }
    printer.metric(startRecord(settings, plan, description));
  }
  const stopListening = stopOnInterrupt(context, engine);
  const { state, problem: found } = await ended;
  stopListening();
  if (found) context.report(found);
  // A script must not take a run that was stopped for one that was finished.
  return state === 'done' ? 0 : 1;
}

/** Decoding a large folder takes minutes: whoever waits hears now and then how far it is. */
function readingTeller(context: Context): (progress: EventPayload<EngineContract, 'reading'>) => void {
  let told = performance.now();
  return ({ done, total }) => {
    if (performance.now() - told < READING_INTERVAL_MS) return;
    told = performance.now();
    context.say(context.text(texts.reading, { done, total }));
  };
}

type StatePayload = EventPayload<EngineContract, 'state'>;

/** Prints what the engine tells; resolves to its last state, which is `failed` where its process has gone. */
function watchRun(context: Context, engine: EngineLink, printer: Printer): Promise<StatePayload> {
  const { client } = engine;
  client.on('steps', (payload) => stepRecords(payload).forEach((record) => printer.metric(record)));
  client.on('epoch', (record) => printer.metric(epochMetric(record)));
  client.on('reading', readingTeller(context));
  client.on('checkpoint', (payload) => printer.metric(checkpointMetric(payload)));
  return new Promise((resolve) => {
    let isOver = false;
    const onState = (payload: StatePayload): void => {
      // Once it is over, the process is ended by us.
      if (isOver) return;
      isOver = isLast(payload.state);
      const record = stateMetric(payload);
      if (record) printer.metric(record);
      if (isOver) resolve(payload);
      else if (payload.problem) context.report(payload.problem);
    };
    client.on('state', onState);
    void engine.death().then((found) => onState({ state: 'failed', problem: found }));
  });
}

function isLast(state: RunState): boolean {
  return state === 'done' || state === 'stopped' || state === 'failed';
}

class JsonPrinter implements Printer {
  constructor(readonly context: Context) {}

  metric(record: MetricRecord): void {
    this.context.printJson(record);
  }
}

class TextPrinter implements Printer {
  readonly run: string;
  readonly #table: EpochTable;

  constructor(
    readonly context: Context,
    { run, settings }: TrainRequest,
  ) {
    this.run = run;
    this.#table = new EpochTable(context, settings.k);
  }

  metric(record: MetricRecord): void {
    const { context } = this;
    if (record.event === 'start') this.#start(record);
    else if (record.event === 'resume')
      context.say(context.text(texts.resumed, { step: record.step, epoch: record.epoch }));
    else if (record.event === 'epoch') this.#table.row(record);
    else if (record.event === 'done') context.say(context.text(texts.done, { run: this.run }));
    else if (record.event === 'stopped') context.say(context.text(texts.stopped, { run: this.run }));
  }

  #start({ dataset, trainSamples, stepsPerEpoch, device, tensorflowVersion }: StartRecord): void {
    const { context } = this;
    const known = datasetOf(dataset);
    const title = known ? context.text(known.title) : folderName(dataset);
    const facts = { samples: trainSamples, steps: stepsPerEpoch, device, version: tensorflowVersion };
    context.say(context.text(texts.training, { dataset: title, ...facts }));
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new Refusal([problem('file/cannot-write', { path, reason: systemReason(error) ?? String(error) })]);
  }
}
