/** Problems of the links between processes: what a peer sent that the contract does not allow. */
import type { ProblemText } from './entry';

export const ipcProblems = {
  'ipc/unknown-call': {
    message: {
      en: 'The {contract} link has no call named {name}.',
      'zh-CN': '{contract} 接口没有名为 {name} 的调用。',
    },
    hint: {
      en: 'Install one version of Layerloom completely; its parts do not fit together.',
      'zh-CN': '请完整安装同一版本的 Layerloom；各部分版本不一致。',
    },
  },
  'ipc/bad-request': {
    message: {
      en: 'The request {name} of the {contract} link was refused: {reason}.',
      'zh-CN': '{contract} 接口的请求 {name} 被拒绝：{reason}。',
    },
    hint: {
      en: 'Install one version of Layerloom completely; its parts do not fit together.',
      'zh-CN': '请完整安装同一版本的 Layerloom；各部分版本不一致。',
    },
  },
  'ipc/bad-answer': {
    message: {
      en: 'What came back for {name} on the {contract} link could not be read: {reason}.',
      'zh-CN': '无法读取 {contract} 接口 {name} 的返回内容：{reason}。',
    },
    hint: {
      en: 'Install one version of Layerloom completely; its parts do not fit together.',
      'zh-CN': '请完整安装同一版本的 Layerloom；各部分版本不一致。',
    },
  },
  'ipc/call-failed': {
    message: {
      en: '{name} failed inside Layerloom: {reason}.',
      'zh-CN': 'Layerloom 内部执行 {name} 时出错：{reason}。',
    },
    hint: {
      en: 'Try again; if it happens once more, report it with the steps that led to it.',
      'zh-CN': '请重试；若再次发生，请连同操作步骤一起报告。',
    },
  },
  'ipc/closed': {
    message: {
      en: 'The other side of the {contract} link is gone; {name} was not answered.',
      'zh-CN': '{contract} 接口的另一端已关闭；{name} 没有得到答复。',
    },
    hint: { en: 'Start the run again.', 'zh-CN': '请重新开始。' },
  },
} as const satisfies Record<string, ProblemText>;
