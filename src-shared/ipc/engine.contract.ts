/** Window (or command line) to engine: one engine process trains one run and then answers questions about it. */
import { z } from 'zod';
import { imageFolderFacts, MAX_PATH_LENGTH } from '../datasets/image-folder';
import { locales } from '../texts/text';
import { precisionNames } from '../training/precision';
import { isJsonObject, type JsonObject } from '../util/json';
import { benchmarkCalls } from './benchmark.contract';
import { type Contract, problemSchema } from './contract';
import { exportProgress, exportReply } from './export-messages';
import { readFileReply, weightRow } from './import-messages';

const float32 = z.instanceof(Float32Array);

/** Where the engine runs; part of every run's record. */
export const runtimeDescription = z.object({
  /** The binding: GPU build where there is one, else the CPU build. */
  runtime: z.enum(['tfjs-node', 'tfjs-node-gpu']),
  tfjsVersion: z.string(),
  tensorflowVersion: z.string(),
  device: z.string(),
  /** Why the GPU is not used, as a sentence's catalogue code; absent on a GPU. */
  gpuAbsence: z.string().optional(),
});
export type RuntimeDescription = z.infer<typeof runtimeDescription>;

export const epochRecord = z.object({
  epoch: z.number().int().positive(),
  loss: z.number(),
  accuracy: z.number(),
  /** Share of labels among the k likeliest classes, k as the settings have it; absent where there are no more classes. */
  topK: z.number().optional(),
  valLoss: z.number(),
  valAccuracy: z.number(),
  valTopK: z.number().optional(),
  /** Of the epoch's last step; absent in records that are older than schedules. */
  learningRate: z.number().optional(),
  /** Training alone, without evaluation. */
  seconds: z.number(),
  samplesPerSecond: z.number(),
});
export type EpochRecord = z.infer<typeof epochRecord>;

export const runStates = [
  'idle',
  'preparing',
  'training',
  'evaluating',
  'stopping',
  'stopped',
  'done',
  'failed',
] as const;
export type RunState = (typeof runStates)[number];

const runPlan = z.object({
  totalSteps: z.number().int(),
  stepsPerEpoch: z.number().int(),
  trainSamples: z.number().int(),
  testSamples: z.number().int(),
  classNames: z.array(z.string()),
  /** How many of the network's weights it began with come from a file or another run; absent where none were asked for. */
  startWeights: z.object({ kept: z.number().int(), total: z.number().int() }).optional(),
});
export type RunPlan = z.infer<typeof runPlan>;

export const engineContract = {
  name: 'engine',
  calls: {
    ...benchmarkCalls,
    describe: {
      request: z.object({}),
      /** With the precisions in which the device trains, and gains by it. */
      reply: runtimeDescription.extend({ precisions: z.array(z.enum(precisionNames)).readonly() }),
    },
    /** Starts training; the reply comes as soon as the graph is compiled and the data is read. */
    train: {
      request: z.object({
        /** A document as saved; its training settings are the run's. */
        document: z.string(),
        /** The first N training images after the seeded shuffle. */
        limit: z.number().int().positive().optional(),
        /** Evaluates the first N test images only. */
        testLimit: z.number().int().positive().optional(),
        /** Begins with the weights that the configuration names, where they fit the network. */
        startsFromWeights: z.boolean().optional(),
      }),
      reply: runPlan,
    },
    /**
     * Goes on with the run of the configured folder from its newest checkpoint, as if it had never stopped; `epochs`
     * are those of the whole run, where more are asked for than its document has.
     */
    resume: {
      request: z.object({ epochs: z.number().int().positive().optional() }),
      reply: runPlan.extend({
        /** Steps and epochs that were done. */
        from: z.object({ step: z.number().int().nonnegative(), epoch: z.number().int().nonnegative() }),
      }),
    },
    /** Acknowledged at once, done after the running step; `state` then says `stopped`. */
    stop: { request: z.object({}), reply: z.object({ acknowledged: z.literal(true) }) },
    /** Test images with what the network says of them, wrong and surest ones first. */
    predictTest: {
      request: z.object({
        offset: z.number().int().nonnegative(),
        limit: z.number().int().positive().max(200),
      }),
      reply: z.object({
        total: z.number().int(),
        wrong: z.number().int(),
        width: z.number().int(),
        height: z.number().int(),
        channels: z.number().int(),
        images: z.array(
          z.object({
            index: z.number().int(),
            label: z.number().int(),
            predicted: z.number().int(),
            probabilities: float32,
            /** Bytes of the image, row by row, channels last. */
            pixels: z.instanceof(Uint8Array),
          }),
        ),
      }),
    },
    /** Loads document and newest checkpoint of the configured run folder, for the two calls below. */
    restore: {
      request: z.object({}),
      reply: z.object({
        epoch: z.number().int(),
        input: z.array(z.number().int()),
        classNames: z.array(z.string()),
        dataset: z.string(),
      }),
    },
    /** Classes and counts of an image folder; its images are not looked at yet. */
    inspectFolder: { request: z.object({ path: z.string().max(MAX_PATH_LENGTH) }), reply: imageFolderFacts },
    /** Loss and accuracy over the test split of the run's data set, or of another one. */
    evaluate: {
      request: z.object({ dataset: z.string().optional() }),
      reply: z.object({
        loss: z.number(),
        accuracy: z.number(),
        samples: z.number().int(),
        /** Top-k accuracy and its k; absent where there are no more classes than k. */
        topK: z.number().optional(),
        k: z.number().int().optional(),
      }),
    },
    /** Reads the file that the configuration names weights of: a network with its report, or weights alone. */
    readImport: { request: z.object({}), reply: readFileReply },
    /** What would become of those weights on the network of a document, found by the names of layers. */
    matchImport: {
      request: z.object({ document: z.string() }),
      reply: z.object({ rows: z.array(weightRow) }),
    },
    /**
     * Makes those weights, on this network, a run that was never trained, and opens it like `restore`; where the data set
     * does not fit the network, questions are refused with that problem.
     */
    takeImport: {
      request: z.object({
        document: z.string(),
        /** Whether the document is the one that `readImport` gave, whose ids name the weights. */
        isOfFile: z.boolean(),
      }),
      reply: z.object({ rows: z.array(weightRow), problem: problemSchema.optional() }),
    },
    /** Exports to the place that the configuration names; of a run that is the newest checkpoint of its folder. */
    exportModel: {
      request: z.object({
        /** Id of the target. */
        target: z.string(),
        /** Raw values of the target's options, which its fields parse. */
        options: z.custom<JsonObject>(isJsonObject),
        source: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('run') }),
          /** As saved, with initial weights by its seed. */
          z.object({ kind: z.literal('document'), text: z.string() }),
        ]),
        /** What the document is called, without extension. */
        name: z.string(),
        selection: z.array(z.string()).optional(),
        /** Read back and compare before anything is put in its place. */
        check: z.boolean(),
        locale: z.enum(locales),
      }),
      reply: exportReply,
    },
    /** Acknowledged at once; the export then ends as cancelled, or has come to its end before. */
    cancelExport: { request: z.object({}), reply: z.object({ acknowledged: z.literal(true) }) },
    /** Images already of the network's input size, bytes, channels last. */
    predictImages: {
      request: z.object({ count: z.number().int().positive(), pixels: z.instanceof(Uint8Array) }),
      reply: z.object({ probabilities: float32 }),
    },
  },
  events: {
    state: z.object({ state: z.enum(runStates), problem: problemSchema.optional() }),
    /** Every step since the last message, in order and without gaps; at most 20 messages a second. */
    steps: z.object({
      firstStep: z.number().int().nonnegative(),
      epoch: z.number().int().positive(),
      losses: float32,
      accuracies: float32,
      /** Top-k accuracies, where they are measured. */
      topKs: float32.optional(),
      samplesPerSecond: z.number(),
      secondsLeft: z.number(),
    }),
    epoch: epochRecord,
    /** Images of a folder that were decoded, before a run can start. */
    reading: z.object({ done: z.number().int().nonnegative(), total: z.number().int().nonnegative() }),
    exportProgress,
    checkpoint: z.object({ epoch: z.number().int().nonnegative(), file: z.string() }),
  },
} as const satisfies Contract;
export type EngineContract = typeof engineContract;

/** What the process that forks an engine tells it first; never reachable from a window. */
export const engineConfiguration = z.object({
  kind: z.literal('configure'),
  /** Empty folder for this run, or null where nothing is to be written. */
  runDirectory: z.string().nullable(),
  /** Folder of the IDX files of every data set that is present. */
  datasetDirectories: z.record(z.string(), z.string()),
  /** A file that lists the image folders which the user chose; null where any folder may be read. */
  chosenFolders: z.string().nullable(),
  device: z.string(),
  /** A file with weights, or the folder of a run, that this process may read. */
  weightsFrom: z.string().optional(),
  /** Where this process may export to; absent in those that train for a window. */
  exportTo: z
    .object({
      path: z.string(),
      /** A folder beside it that does not exist yet: whoever forked the process removes what a crash leaves of it. */
      staging: z.string(),
      /** Whether a file that is there may be replaced; a folder never is. */
      overwrite: z.boolean(),
    })
    .optional(),
});
export type EngineConfiguration = z.infer<typeof engineConfiguration>;
