/** `layerloom templates`: the networks to start from. */
import { analyse } from '@shared/compile/analyse';
import { formatShape } from '@shared/ir/shape';
import { templates } from '@shared/templates';
import { outputTexts } from '@shared/texts/cli';
import type { Command } from '../command';
import { formatCount, formatTable } from '../table';

export const templatesCommand: Command = {
  syntax: { command: 'templates', options: { json: {}, help: { short: 'h' } }, positionals: [] },
  run(context, args) {
    const rows = templates.map((template) => ({
      id: template.id,
      title: context.text(template.title),
      input: template.input,
      params: analyse(template.create()).totals.params,
    }));
    if (args.has('json')) {
      context.printJson(rows);
      return 0;
    }
    const { template, title, inputShape, parameters } = outputTexts;
    const lines = formatTable(
      [
        [template, title, inputShape, parameters].map((heading) => context.text(heading)),
        ...rows.map((row) => [row.id, row.title, formatShape(row.input), formatCount(row.params)]),
      ],
      ['left', 'left', 'left', 'right'],
    );
    for (const line of lines) context.print(line);
    return 0;
  },
};
