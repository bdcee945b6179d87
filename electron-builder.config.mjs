// How the app is packaged; `npm run package` adds the Electron runtime that the bootstrap found.
import { datasetFolder } from './scripts/bootstrap/paths.mjs';

const tensorflow = 'node_modules/@tensorflow/tfjs-node';
const onnxruntime = 'node_modules/onnxruntime-node';

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.layerloom.app',
  productName: 'Layerloom',
  copyright: 'Copyright the Layerloom authors, Apache-2.0',
  directories: { output: 'dist', buildResources: 'resources' },
  // The addon is Node-API and fits every Electron as it is.
  npmRebuild: false,
  asar: true,
  // Native code must be real files, and the addon finds libtensorflow by its place beside it.
  // Threads start from real files too: the image worker, what it imports, and what says that these are modules.
  asarUnpack: [
    ...[`${tensorflow}/**`, `${onnxruntime}/bin/**`, 'node_modules/@resvg/**'],
    ...['out/main/image-worker.js', 'out/main/chunks/**', 'package.json'],
  ],
  files: [
    'out/**',
    '!out/**/*.map',
    'package.json',
    // Of the npm packages only what the built files require. The engine loads TensorFlow's addon by itself, so none of
    // tfjs's JavaScript is needed.
    '!node_modules/**',
    'node_modules/{electron-log,protobufjs,long}/**',
    'node_modules/@resvg/**',
    `${tensorflow}/package.json`,
    `${tensorflow}/deps/lib/**`,
    `${tensorflow}/lib/napi-v8/**`,
    'node_modules/onnxruntime-common/**',
    `${onnxruntime}/package.json`,
    `${onnxruntime}/dist/**`,
    // Of the libraries for all platforms the one that is packaged for; electron-builder fills in the names.
    `${onnxruntime}/bin/napi-v6/\${platform}/\${arch}/**`,
    '!**/*.{map,d.ts,md}',
  ],
  electronLanguages: ['en', 'en-US', 'zh-CN', 'zh_CN'],
  extraResources: [
    { from: datasetFolder('fashion-mnist'), to: 'datasets/fashion-mnist', filter: ['*-ubyte.gz', '*-ubyte'] },
    { from: 'resources', to: 'resources', filter: ['datasets.json'] },
    { from: 'LICENSE', to: 'LICENSE' },
    { from: 'NOTICE', to: 'NOTICE' },
  ],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    onlyLoadAppFromAsar: true,
  },
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Science',
    executableName: 'layerloom',
    maintainer: 'The Layerloom authors',
  },
  mac: { target: ['dmg'], category: 'public.app-category.developer-tools' },
  win: { target: ['nsis'] },
};
