/** Window to main process: files, preferences, engines; nothing else crosses. */
import { z } from 'zod';
import { locales } from '../texts/text';
import { isJsonObject, type JsonObject } from '../util/json';
import { type Contract, problemSchema } from './contract';
import { exportProgress, exportReply } from './export-messages';
import { readFileReply, weightRow } from './import-messages';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const preferences = z.object({ locale: z.enum(locales), theme: z.enum(themes) });
export type Preferences = z.infer<typeof preferences>;

/** A file as opened: main remembers the path, and the window may save only to paths that it was given. */
export const openedFile = z.object({ path: z.string(), name: z.string(), text: z.string() });
export type OpenedFile = z.infer<typeof openedFile>;

const fileContent = z.enum(['document', 'blocks']);
export type FileContent = z.infer<typeof fileContent>;

export const recentFile = z.object({ path: z.string(), name: z.string(), folder: z.string() });

/** Everything that menu, toolbar, keys and palette can ask of the window; the renderer has one action object for each. */
export const menuCommands = [
  'file.new',
  'file.open',
  'file.save',
  'file.saveAs',
  'file.import',
  'file.export',
  'file.close',
  'edit.undo',
  'edit.redo',
  'edit.cut',
  'edit.copy',
  'edit.paste',
  'edit.duplicate',
  'edit.delete',
  'edit.selectAll',
  'view.zoomIn',
  'view.zoomOut',
  'view.fit',
  'view.arrange',
  'run.start',
  'run.stop',
  'help.shortcuts',
] as const;
export type MenuCommand = (typeof menuCommands)[number];

const nothing = z.object({});

export const appContract = {
  name: 'app',
  calls: {
    /** The first call of a window. */
    start: {
      request: nothing,
      reply: z.object({
        preferences,
        version: z.string(),
        platform: z.string(),
        datasets: z.array(z.object({ id: z.string(), isPresent: z.boolean() })),
        /** A file named on the command line. */
        file: openedFile.optional(),
        problem: problemSchema.optional(),
      }),
    },
    setPreferences: { request: preferences, reply: nothing },
    /** Asks for a file; null when the user cancelled. Files of blocks are no recent documents. */
    openFile: { request: z.object({ content: fileContent }), reply: openedFile.nullable() },
    /** Asks for a folder of images; engines of this window may read it from then on. Null when the user cancelled. */
    chooseImageFolder: { request: nothing, reply: z.object({ path: z.string() }).nullable() },
    openRecent: { request: z.object({ path: z.string() }), reply: openedFile },
    recentFiles: { request: nothing, reply: z.array(recentFile) },
    /** Writes to a temporary file, then renames; asks for a name where path is null. Null when cancelled. */
    saveFile: {
      request: z.object({
        path: z.string().nullable(),
        suggestedName: z.string(),
        text: z.string(),
        content: fileContent,
      }),
      reply: z.object({ path: z.string(), name: z.string() }).nullable(),
    },
    /** For the title bar and the question before closing. */
    setDocumentState: { request: z.object({ name: z.string(), isDirty: z.boolean() }), reply: nothing },
    /** Closes the window without asking again. */
    closeWindow: { request: nothing, reply: nothing },
    /** A fresh engine process for the next run; its port arrives by `window.postMessage` as `engine-port` with the same id. */
    openEngine: {
      request: z.object({
        /** What it may read weights from: a file that was imported, or the run of another engine. */
        weights: z
          .discriminatedUnion('kind', [
            z.object({ kind: z.literal('import'), id: z.number().int() }),
            z.object({ kind: z.literal('engine'), engine: z.number().int() }),
          ])
          .optional(),
      }),
      reply: z.object({ engine: z.number().int() }),
    },
    /** Ends that process at once; what came after the last checkpoint is lost. */
    endEngine: { request: z.object({ engine: z.number().int() }), reply: nothing },
    /** Asks where to, and exports in a process of its own; null when the user cancelled the question. One at a time. */
    exportModel: {
      request: z.object({
        target: z.string(),
        options: z.custom<JsonObject>(isJsonObject),
        source: z.discriminatedUnion('kind', [
          /** The newest checkpoint of the run that this engine trained. */
          z.object({ kind: z.literal('run'), engine: z.number().int() }),
          z.object({ kind: z.literal('document'), text: z.string() }),
        ]),
        /** What the document is called. */
        name: z.string(),
        selection: z.array(z.string()).optional(),
        check: z.boolean(),
      }),
      reply: exportReply.nullable(),
    },
    /** Asks for a file of another program and reads it; null when the user cancelled. Nothing is changed by it. */
    importFile: {
      /** The open document as saved, which the file's weights may be for. */
      request: z.object({ document: z.string() }),
      reply: readFileReply
        .extend({
          /** By which `openEngine` names the file. */
          id: z.number().int(),
          name: z.string(),
          /** What would become of the weights on the open document; absent where the file has none, or for a reason. */
          weights: z.array(weightRow).optional(),
          weightsProblem: problemSchema.optional(),
        })
        .nullable(),
    },
    cancelExport: { request: nothing, reply: nothing },
    /** Shows what was exported in this session in the system's file manager; no other paths. */
    showExport: { request: z.object({ path: z.string() }), reply: nothing },
  },
  events: {
    menuCommand: z.object({ command: z.enum(menuCommands) }),
    /** The user wants to close the window while the document has changes. */
    closeRequested: nothing,
    fileOpened: openedFile,
    exportProgress,
    /** An engine process ended; `isExpected` when the app ended it. */
    engineExited: z.object({
      engine: z.number().int(),
      exitCode: z.number().int(),
      isExpected: z.boolean(),
      problem: problemSchema.optional(),
    }),
  },
} as const satisfies Contract;
export type AppContract = typeof appContract;
export type WeightsSource = NonNullable<z.infer<typeof appContract.calls.openEngine.request>['weights']>;
